"""What goes wrong with the directory."""

from childcare_api.shared.problems import Problem


class UnitNotYours(Problem):
    """An entry of the directory is kept by the province of the unit it serves, a national one by the centre."""

    status = 409
    title_en, title_vi = "Another office keeps this entry", "Cơ quan khác quản lý mục này"
    detail_en = "Choose a unit inside your own."
    detail_vi = "Hãy chọn đơn vị thuộc địa bàn của bạn."
