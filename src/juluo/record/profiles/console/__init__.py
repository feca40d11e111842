"""The pages of what is known of members."""

from django.urls import path

from . import attributes, bulk, notes, panels, tags

urlpatterns = [
    path("members/tags/", tags.list_tags, name="tags"),
    path("members/tags/new/", tags.new, name="new-tag"),
    path("members/tags/<int:number>/", tags.detail, name="tag"),
    path("members/tags/<int:number>/save/", tags.save, name="save-tag"),
    path("members/tags/<int:number>/move/", tags.put, name="move-tag"),
    path("members/tags/<int:number>/merge/", tags.pour, name="merge-tag"),
    path("members/tags/<int:number>/remove/", tags.throw_away, name="remove-tag"),
    path("members/tags/<int:number>/grant/", tags.give, name="grant-tag"),
    path("members/tags/<int:number>/revoke/", tags.take, name="revoke-tag"),
    path("members/tags/<int:number>/compute/", tags.compute, name="compute-tag"),
    path("members/attributes/", attributes.list_attributes, name="attributes"),
    path("members/attributes/new/", attributes.new, name="new-attribute"),
    path("members/attributes/presets/", attributes.take_presets, name="presets"),
    path("members/attributes/<int:number>/", attributes.detail, name="attribute"),
    path("members/attributes/<int:number>/save/", attributes.save, name="save-attribute"),
    path("members/attributes/<int:number>/remove/", attributes.throw_away, name="remove-attribute"),
    path("members/notes/", notes.list_notes, name="notes"),
    path("members/notes/write/", notes.write, name="write-note"),
    path("members/notes/<int:number>/", notes.edit, name="edit-note"),
    path("members/notes/<int:number>/remove/", notes.throw_away, name="remove-note"),
    path("members/bulk/tags/", bulk.tag_many, name="tag-many"),
    path("members/<int:member>/values/<int:number>/", panels.value, name="value"),
    path("members/<int:member>/values/<int:number>/history/", panels.value_history, name="value-history"),
    path("members/<int:member>/tags/", panels.tag, name="tag-member"),
    path("members/<int:member>/tags/<int:number>/remove/", panels.untag, name="untag-member"),
    path("members/<int:member>/tags/why/", panels.why, name="why-tags"),
    path("members/<int:member>/notes/", panels.write, name="write-member-note"),
]
