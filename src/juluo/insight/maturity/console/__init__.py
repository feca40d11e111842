"""健康度报告 → 金字塔评价表."""

from django.urls import path

from . import comparing, drafting, scheming, showing

urlpatterns = [
    path("maturity/", showing.overview, name="overview"),
    path("maturity/new/", drafting.new, name="new"),
    path("maturity/history/", comparing.history, name="history"),
    path("maturity/compare/", comparing.compare, name="compare"),
    path("maturity/scheme/", scheming.edit, name="scheme"),
    path("maturity/<int:number>/", showing.show, name="show"),
    path("maturity/<int:number>/progress/", showing.progress, name="progress"),
    path("maturity/<int:number>/excel/", showing.excel, name="excel"),
    path("maturity/<int:number>/print/", showing.paper, name="print"),
    path("maturity/<int:number>/settle/", drafting.settled, name="settle"),
    path("maturity/<int:number>/drop/", drafting.dropped, name="drop"),
    path("maturity/<int:number>/remarks/", drafting.remarked, name="remark"),
    path("maturity/<int:number>/remarks/<int:which>/drop/", drafting.unremarked, name="unremark"),
    path("maturity/<int:number>/acts/<str:code>/", drafting.taken_on, name="act"),
    path("maturity/<int:number>/<slug:indicator>/", showing.side, name="indicator"),
    path("maturity/<int:number>/<slug:indicator>/points/", drafting.given, name="points"),
]
