"""The frame of the pages that members see: phone first, in the community's name. Rooms add pages by `kit.routes.portal_pages`."""
