from django.urls import path

from generations.views import links, media, public
from generations.views.accounts import set_up

sharing = [
    path("tasks/<int:pk>/links/", links.make, name="task-links"),
    path("links/<int:pk>/revoke/", links.revoke, name="link-revoke"),
    path("media/<int:output_pk>/<slug:variant>/", media.media, name="media"),
    path("s/<str:token>/", public.share, name="share"),
    path("s/<str:token>/<int:output_pk>/<slug:variant>/", public.share_media, name="share-media"),
]

accounts = [path("set-up/<str:token>/", set_up, name="set-up")]

urlpatterns = [*sharing, *accounts]
