"""The site map on one screen."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from accounts.kept_forms import kept_form_drop
from accounts.password_links import SetPassword
from accounts.past.views import choose_moment
from accounts.views import OwnPassword, SignIn, change_theme, to_the_door
from config.health import healthz, readyz

urlpatterns = [
    path("", include("authorizations.urls")),
    path("codes/", include("coding.urls")),
    path("payers/", include("payers.urls")),
    path("accounts/sign-in/", SignIn.as_view(), name="login"),
    path("accounts/sign-out/", auth_views.LogoutView.as_view(), name="logout"),
    path(
        "accounts/password/",
        OwnPassword.as_view(success_url="/"),
        name="password_change",
    ),
    path("accounts/password/<uidb64>/<token>/", SetPassword.as_view(), name="password_set"),
    path("accounts/changes/", include("accounts.urls")),
    path("accounts/known-at/", choose_moment, name="known_at"),
    path("accounts/kept-forms/<int:pk>/drop/", kept_form_drop, name="kept_form_drop"),
    path("accounts/theme/", login_not_required(change_theme), name="theme"),
    path("admin/login/", to_the_door, name="admin_login"),
    path("admin/", admin.site.urls),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]

handler500 = "accounts.web.failures.server_error"
