"""Why an import ended without a result."""

from juluo.kit.errors import N_, JuluoError


class NothingRead(JuluoError):
    """The file was recognised but holds nothing that could be taken in."""

    code = "nothing_read"
    message = N_("文件里没有读到任何消息。共有 %(rejected)s 行无法识别。")
    status = 422


class Cancelled(JuluoError):
    """An operator stopped the import; nothing of it was kept."""

    code = "import_cancelled"
    message = N_("导入已取消，没有留下任何数据。")
    status = 409
