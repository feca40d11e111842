"""The report's pages: the home of a community, the reports, the suggestions, the weights."""

from django.urls import path

from . import reports, suggestions, today, weights

urlpatterns = [
    path("today/", today.today, name="today"),
    path("reports/", reports.list_weeks, name="list"),
    path("reports/weights/", weights.edit, name="weights"),
    path("reports/suggestions/", suggestions.list_suggestions, name="suggestions"),
    path("reports/suggestions/<int:number>/<slug:verb>/", suggestions.decide, name="decide"),
    path("reports/<slug:week>/", reports.one_week, name="week"),
    path("reports/<slug:week>/score/", reports.score, name="score"),
    path("reports/<slug:week>/rebuild/", reports.rebuild, name="rebuild"),
    path("reports/<slug:week>/<slug:form>/", reports.download, name="download"),
]
