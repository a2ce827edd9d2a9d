"""Headings of tables of references in other languages than English."""

from __future__ import annotations

ABROAD: dict[str, tuple[str, ...]] = {
    "type": (
        "dokumenttyp", "publikationstyp", "type de document", "tipo de documento",
        "tipo documento", "documenttype", "文献类型", "文献タイプ", "тип документа",
    ),
    "title": (
        "titel", "titre", "título", "titulo", "titolo", "tittel", "otsikko", "tytuł", "název",
        "cím", "başlık", "название", "заглавие", "标题", "题名", "篇名", "標題", "題名", "タイトル",
        "論文タイトル", "제목", "العنوان", "عنوان",
    ),
    "authors": (
        "autor", "autoren", "autor/in", "autor/innen", "autorinnen", "verfasser", "auteur",
        "auteurs", "autor(es)", "autores", "autore", "autori", "forfatter", "forfattere",
        "författare", "tekijät", "autorzy", "autoři", "szerzők", "yazar", "yazarlar", "автор",
        "авторы", "作者", "著者", "著者名", "저자", "المؤلف", "المؤلفون", "نویسندگان",
    ),
    "editors": ("herausgeber", "éditeurs", "editores", "curatori", "редакторы", "编者", "編者"),
    "year": (
        "jahr", "erscheinungsjahr", "publikationsjahr", "année", "annee", "année de publication",
        "año", "ano", "año de publicación", "ano de publicação", "anno", "anno di pubblicazione",
        "jaar", "år", "vuosi", "rok", "év", "yıl", "год", "год публикации", "年", "年份", "出版年",
        "发表时间",
        "発行年", "연도", "السنة", "سال",
    ),
    "month": ("monat", "mois", "mes", "mês", "mese", "maand", "месяц", "月"),
    "journal": (
        "zeitschrift", "quelle", "revue", "périodique", "revista", "publicación", "periódico",
        "rivista", "tijdschrift", "tidsskrift", "tidskrift", "czasopismo", "časopis", "folyóirat",
        "dergi", "журнал", "источник", "期刊", "刊名", "来源", "文献来源", "雑誌", "雑誌名", "誌名",
        "저널", "المجلة", "نشریه",
    ),
    "volume": (
        "band", "jahrgang", "tome", "volumen", "jaargang", "bind", "tom", "ročník", "kötet", "cilt",
        "том", "卷", "巻", "권", "المجلد",
    ),
    "number": (
        "heft", "ausgabe", "nummer", "numéro", "fascicule", "número", "numero", "fascículo",
        "fascicolo", "zeszyt", "číslo", "szám", "sayı", "номер", "выпуск", "期", "号", "호",
        "العدد",
    ),
    "pages": (
        "seite", "seiten", "página", "páginas", "paginas", "pagine", "pagina", "pagina's", "sider",
        "sidor", "sivut", "strony", "strany", "oldalak", "sayfa", "sayfalar", "страницы", "页",
        "页码", "ページ", "頁", "페이지", "الصفحات",
    ),
    "first page": ("erste seite", "startseite", "première page", "página inicial", "prima pagina"),
    "last page": ("letzte seite", "endseite", "dernière page", "página final", "ultima pagina"),
    "article number": ("artikelnummer", "número de artículo", "numéro d'article"),
    "url": ("verweis", "lien", "enlace", "ссылка", "链接", "リンク"),
    "abstract": (
        "zusammenfassung", "kurzfassung", "résumé", "resume", "resumen", "resumo", "riassunto",
        "samenvatting", "sammendrag", "sammanfattning", "tiivistelmä", "streszczenie", "abstrakt",
        "összefoglaló", "özet", "аннотация", "реферат", "摘要", "抄録", "要旨", "초록", "الملخص",
        "چکیده",
    ),
    "keywords": (
        "schlagwörter", "schlagworte", "stichwörter", "mots-clés", "mots clés", "palabras clave",
        "palavras-chave", "palavras chave", "parole chiave", "trefwoorden", "nøkkelord",
        "nyckelord", "avainsanat", "słowa kluczowe", "klíčová slova", "kulcsszavak",
        "anahtar kelimeler", "ключевые слова", "关键词", "關鍵詞", "キーワード", "키워드",
        "الكلمات المفتاحية", "کلیدواژه",
    ),
    "database": ("datenbank", "base de données", "base de datos", "base de dados", "banca dati",
                 "database-bron", "база данных", "数据库", "データベース"),
    "language": ("sprache", "langue", "idioma", "lingua", "taal", "språk", "język", "dil", "язык",
                 "语言", "言語"),
    "publisher": ("verlag", "éditeur", "editorial", "editora", "editore", "uitgever", "издатель",
                  "издательство", "出版社", "出版者"),
    "notes": ("anmerkungen", "bemerkungen", "notizen", "remarques", "notas", "note", "opmerkingen",
              "примечания", "备注", "備考"),
}  # fmt: skip
"""Field -> headings in lower case: German, French, Spanish, Portuguese, Italian, Dutch, the
Scandinavian languages, Finnish, Polish, Czech, Hungarian, Turkish, Russian, Chinese, Japanese,
Korean, Arabic and Persian. A heading that means two things in two languages is left out."""
