"""Addresses of the citizens' services of this field."""

from django.urls import path

from pengaduan import views

urlpatterns = [
    path("lacak/", views.lacak, name="lacak"),
]
