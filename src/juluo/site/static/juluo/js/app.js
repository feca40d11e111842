// What every page needs. Each behaviour is tied to a data attribute and survives htmx swaps.
import { openDrawer, watchDrawer } from "./drawer.js";
import { watchDialogs } from "./dialogs.js";
import { watchToasts } from "./toasts.js";
import { watchMenus } from "./menus.js";
import { watchFilters } from "./filters.js";
import { watchCharts } from "./charts.js";
import { watchCopy } from "./copy.js";
import { watchForms } from "./forms.js";

watchMenus();
watchDrawer();
watchDialogs();
watchToasts();
watchFilters();
watchCharts();
watchCopy();
watchForms();

document.documentElement.dataset.ready = "yes"; // browser tests wait for it
export { openDrawer };
