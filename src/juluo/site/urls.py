"""Which surface answers which address."""

from django.urls import include, path
from django.views.generic import RedirectView

from juluo.kit.routes import pages, portal_pages
from juluo.surfaces.api.app import assembled
from juluo.surfaces.api.docs import page
from juluo.surfaces.console import urls as console
from juluo.surfaces.console import views
from juluo.surfaces.portal import urls as portal

handler400 = "juluo.surfaces.console.faults.bad_request"
handler403 = "juluo.surfaces.console.faults.forbidden"
handler404 = "juluo.surfaces.console.faults.not_found"
handler429 = "juluo.surfaces.console.faults.too_many"
handler500 = "juluo.surfaces.console.faults.server_error"

api = assembled()
urlpatterns = [
    path("", views.home, name="home"),
    path("", include(console)),
    path("accounts/email/", RedirectView.as_view(pattern_name="accounts:profile")),  # one page for an address, not two
    path("accounts/", include("allauth.urls")),
    path("api/", page(api), name="api-docs"),
    path("api/v1/", api.urls),
    *(path("", include((offered.urlpatterns, offered.code))) for offered in pages if not offered.within_community),
    *(path("c/<slug:slug>/", include((offered.urlpatterns, offered.code))) for offered in pages if offered.within_community),
    *(path(f"p/<slug:community>/{offered.code}/", include((offered.urlpatterns, f"portal-{offered.code}"))) for offered in portal_pages),
    path("p/", include(portal)),
]
