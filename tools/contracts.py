"""The import rules that import-linter has no contract type for."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

FLOORS = ("ground", "record", "insight", "reach", "operate")


class DoorsContract(Contract):
    """A room is entered by its doors: another room may import only the modules named in `doors`, or the room's own package.

    Surfaces and site may also read a room's `jobs` and `adapters`: they are the assembly.
    """

    doors = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        trespasses = []
        for importer in sorted(graph.modules):
            if room(importer) is None or ".tests" in importer:
                continue
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                there = room(imported)
                if there is not None and there != room(importer) and not self._is_door(imported, there):
                    trespasses.append((importer, imported))
        return ContractCheck(kept=not trespasses, metadata={"trespasses": trespasses})

    def _is_door(self, module: str, there: str) -> bool:
        inside = module.removeprefix(there).lstrip(".").split(".")[0]
        return inside == "" or inside in self.doors

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["trespasses"]:
            output.print_error(f"{importer} enters {imported} past its doors")


def room(module: str) -> str | None:
    """The room a module stands in ("juluo.record.lake"), or None for kit, surfaces, site and what is outside."""
    parts = module.split(".")
    return ".".join(parts[:3]) if len(parts) >= 3 and parts[0] == "juluo" and parts[1] in FLOORS else None
