from django.urls import path, re_path

from generations.views import (
    approvals,
    bin,
    budgets,
    collecting,
    collections,
    compare,
    composer,
    drafts,
    frames,
    health,
    hooks,
    links,
    mails,
    media,
    models,
    opinions,
    origin,
    people,
    presets,
    privacy,
    profile,
    prompts,
    public,
    saved_views,
    selection,
    sending,
    sessions,
    studio,
    tags,
    tasks,
    team,
    toolbar,
    usage,
    webhook,
    zips,
)
from generations.views.accounts import invited, set_up

making = [
    path("", studio.studio, name="studio"),
    path("tasks/", composer.create, name="tasks"),
    path("draft/", drafts.draft, name="draft"),
    path("presets/", presets.presets, name="presets"),
    path("presets/new/", presets.make, name="preset-new"),
    path("presets/<int:pk>/", presets.preset, name="preset"),
    path("presets/<int:pk>/delete/", presets.delete, name="preset-delete"),
    path("prompts/", prompts.prompts, name="prompts"),
    path("changes/", studio.changes, name="changes"),
    path("composer/", composer.composer, name="composer"),
    path("tasks/<int:pk>/", tasks.task, name="task"),
    path("tasks/<int:pk>/undo/", sending.undo, name="task-undo"),
    path("tasks/<int:pk>/send-now/", sending.send_now, name="task-send-now"),
    path("tasks/<int:pk>/cancel/", tasks.cancel, name="task-cancel"),
    path("tasks/<int:pk>/send-again/", tasks.send_again, name="task-send-again"),
    path("tasks/<int:pk>/check/", tasks.check, name="task-check"),
    path("tasks/<int:pk>/dismiss/", tasks.dismiss, name="task-dismiss"),
    path("tasks/<int:pk>/stop-watching/", tasks.stop_watching, name="task-stop-watching"),
    path("tasks/<int:pk>/order-again/", tasks.order_again, name="task-order-again"),
]

finding = [
    path("find/", toolbar.find, name="find"),
    path("origin/", origin.origin, name="origin"),
    path("find/<slug:name>/", toolbar.facet, name="facet"),
    path("views/", saved_views.views, name="views"),
    path("views/<int:pk>/", saved_views.view, name="view"),
    path("views/<int:pk>/delete/", saved_views.delete, name="view-delete"),
]

keeping = [
    path("favourites/", opinions.favourite, name="favourite"),
    path("favourites/remove/", opinions.unfavourite, name="unfavourite"),
    path("ratings/", opinions.rate, name="rate"),
    path("private/", privacy.make_private, name="make-private"),
    path("private/remove/", privacy.make_public, name="make-public"),
    path("selection/all/", selection.everything, name="selection-all"),
    path("selection/compare/", selection.compare, name="selection-compare"),
    path("zip/", zips.download, name="zip"),
    path("tasks/<int:pk>/menu/", opinions.menu, name="task-menu"),
    path("bin/", bin.contents, name="bin"),
    path("bin/add/", bin.add, name="bin-add"),
    path("bin/restore/", bin.restore, name="bin-restore"),
    path("bin/<int:output_pk>/", bin.thumbnail, name="bin-thumbnail"),
]

arranging = [
    path("collections/", collections.collections, name="collections"),
    path("collections/new/", collections.make, name="collection-new"),
    path("collections/choose/", collecting.choose, name="collection-choose"),
    path("collections/targets/", collecting.targets, name="collection-targets"),
    path("collections/start/", collecting.start, name="collection-start"),
    path("collections/<int:pk>/", collections.collection, name="collection"),
    path("collections/<int:pk>/zip/", zips.collection, name="collection-zip"),
    path("collections/<int:pk>/edit/", collections.edit, name="collection-edit"),
    path("collections/<int:pk>/delete/", collections.delete, name="collection-delete"),
    path("collections/<int:pk>/restore/", collections.restore, name="collection-restore"),
    path("collections/<int:pk>/add/", collecting.add, name="collection-add"),
    path("collections/<int:pk>/remove/", collecting.remove, name="collection-remove"),
    path("collections/<int:pk>/undo/", collecting.undo, name="collection-undo"),
    path("collections/<int:pk>/move/", collecting.move, name="collection-move"),
    path("collections/<int:pk>/cover/", collecting.cover, name="collection-cover"),
    path("collections/<int:pk>/files/<int:output_pk>/", collecting.item, name="collection-item"),
]

tagging = [
    path("tags/choose/", tags.choose, name="tag-choose"),
    path("tags/add/", tags.add, name="tag-add"),
    path("tags/remove/", tags.remove, name="tag-remove"),
]

comparing = [
    path("compare/", compare.compare, name="compare"),
    path("compare/<str:token>/", compare.ballot, name="ballot"),
    path("compare/<str:token>/vote/", compare.vote, name="vote"),
]

choosing = [
    path("models/", models.models, name="models"),
    path("models/<path:key>/star/", models.star, name="model-star"),
    path("models/<path:key>/unstar/", models.unstar, name="model-unstar"),
    path("models/<path:key>/", models.model, name="model"),
]

sharing = [
    path("links/", links.links, name="links"),
    path("links/new/", links.new, name="link-new"),
    path("links/password/", links.password, name="link-password"),
    path("links/<int:pk>/", links.link, name="link"),
    path("links/<int:pk>/revoke/", links.revoke, name="link-revoke"),
    path("links/<int:pk>/extend/", links.extend, name="link-extend"),
    re_path(r"^links/(?P<pk>\d+)/code\.(?P<form>svg|png)$", links.code, name="link-code"),
    path("frames/", frames.frame, name="frame"),
    path("media/<int:output_pk>/<slug:variant>/", media.media, name="media"),
    path("uploads/<int:pk>/<slug:variant>/", media.upload, name="upload"),
    path("s/<str:token>/", public.share, name="share"),
    path("s/<str:token>/zip/", public.share_zip, name="share-zip"),
    path("s/<str:token>/preview/", public.share_preview, name="share-preview"),
    path("s/<str:token>/<int:output_pk>/", public.share_item, name="share-item"),
    path("s/<str:token>/<int:output_pk>/<slug:variant>/", public.share_media, name="share-media"),
]

accounts = [
    path("profile/", profile.profile, name="profile"),
    path("profile/email/", profile.email, name="profile-email"),
    path("profile/sessions/end/", sessions.end_others, name="sessions-end"),
    path("profile/sessions/<int:pk>/end/", sessions.end, name="session-end"),
    path("mail/stop/<str:token>/", mails.stop, name="stop-mail"),
    path("settings/", team.settings, name="team-settings"),
    path("settings/webhook/", webhook.webhook, name="webhook"),
    path("settings/webhook/test/", webhook.test, name="webhook-test"),
    path("settings/webhook/secret/", webhook.rotate, name="webhook-rotate"),
    path("settings/webhook/calls/<int:pk>/again/", webhook.again, name="webhook-again"),
    path("set-up/<str:token>/", set_up, name="set-up"),
    path("invite/<str:token>/", invited, name="invited"),
    path("team/", people.people, name="people"),
    path("team/invite/", people.invite, name="invite"),
    path("team/invitations/<int:pk>/renew/", people.renew, name="invitation-renew"),
    path("team/invitations/<int:pk>/withdraw/", people.withdraw, name="invitation-withdraw"),
    path("team/<int:pk>/", people.person, name="person"),
    path("team/<int:pk>/disable/", people.disable, name="person-disable"),
    path("team/<int:pk>/enable/", people.enable, name="person-enable"),
    path("team/<int:pk>/second-step/drop/", people.drop_second_step, name="person-second-step-drop"),
    path("team/<int:pk>/remove/", people.remove, name="person-remove"),
]

spending = [
    path("usage/", usage.usage, name="usage"),
    path("usage/credit/", usage.credit, name="credit"),
    path("usage/csv/", usage.as_csv, name="usage-csv"),
    path("usage/ask/", budgets.ask, name="budget-ask"),
    path("approvals/", approvals.approvals, name="approvals"),
    path("approvals/<int:pk>/approve/", approvals.approve, name="approve"),
    path("approvals/<int:pk>/deny/", approvals.deny, name="deny"),
]

machinery = [
    path("health/", health.health, name="health"),
    path("metrics", health.metrics, name="metrics"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]

provider = [
    path("hooks/modellix/<str:token>/", hooks.modellix, name="hook"),
    path("in/<str:token>/<str:name>", public.given, name="input"),
]

urlpatterns = [
    *(*making, *finding, *keeping, *arranging, *tagging, *comparing, *choosing),
    *(*sharing, *accounts, *spending, *provider, *machinery),
]
