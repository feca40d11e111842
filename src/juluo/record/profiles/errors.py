"""What can go wrong with attributes, tags and notes."""

from juluo.kit.errors import N_, JuluoError


class NameTaken(JuluoError):
    """Two attributes of a community, or two tags below one parent, cannot have the same name."""

    code = "name_taken"
    message = N_("「%(name)s」已经有了，请换一个名字。")
    status = 409


class NameRefused(JuluoError):
    """The name of a tag is empty, too long, or holds a sign that paths need."""

    code = "name_refused"
    message = N_("标签名需要 1 到 40 个字，并且不能含有「/」和引号。")


class TooDeep(JuluoError):
    """A tag tree deeper than anybody can read."""

    code = "too_deep"
    message = N_("标签最多分 %(most)s 层。请放到浅一些的位置。")


class NotBelowItself(JuluoError):
    """A tag cannot be moved below itself, or merged with its own branch."""

    code = "not_below_itself"
    message = N_("标签「%(path)s」不能放到或并入它自己下面。")
    status = 409


class TagComputed(JuluoError):
    """Nobody can give or take a tag whose members a rule decides."""

    code = "tag_computed"
    message = N_("「%(path)s」由规则或文本自动计算，不能手动添加或移除；请修改它的规则。")
    status = 409


class RuleRefused(JuluoError):
    """The rule of a tag cannot be read."""

    code = "rule_refused"
    message = N_("这条规则还不能用：%(why)s")


class AttributeInUse(JuluoError):
    """The kind of an attribute cannot change while values of it are kept."""

    code = "attribute_in_use"
    message = N_("「%(name)s」已经有值，不能再改类型。可以另建一个属性，或先清空它。")
    status = 409


class CodeRefused(JuluoError):
    """The code of an attribute is not one that rules and files can name."""

    code = "code_refused"
    message = N_("属性代码需以小写字母开头，只含小写字母、数字和下划线，最多 40 个字符。")


class UnknownAttribute(JuluoError):
    """There is no attribute of that code."""

    code = "unknown_attribute"
    message = N_("没有代码为 %(code)s 的属性。")
    status = 404


class ValueRefused(JuluoError):
    """A value does not fit its attribute."""

    code = "value_refused"
    message = N_("「%(raw)s」不能作为「%(name)s」的值：%(why)s")


class TooMany(JuluoError):
    """A bound of the house, so that no list grows past what its pages can show."""

    code = "too_many"
    message = N_("一个社群最多 %(most)s 个。请先合并或删除不用的。")
    status = 409
