from django.urls import include, path

urlpatterns = [path("", include("config.urls")), path("", include("dtks.urls"))]
