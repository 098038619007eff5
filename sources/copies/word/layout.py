"""The layout of a Word document: the few of its settings that say how pages are broken and lines are spaced."""

from __future__ import annotations

import re

from lxml import etree

from sources.copies.word.allowed import PREFIXES, W, names
from sources.copies.word.text import Builder, refuse_strange
from sources.copies.word.unseen import is_on

LAYOUT = names("""
    mirrorMargins gutterAtTop defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps
    evenAndOddHeaders characterSpacingControl
""")
#: Switches for lines as former programs laid them out.
FORMER = names("""
    useSingleBorderforContiguousCells wpJustification noTabHangInd noLeading spaceForUL noColumnBalance
    balanceSingleByteDoubleByteWidth noExtraLineSpacing doNotLeaveBackslashAlone ulTrailSpace
    doNotExpandShiftReturn spacingInWholePoints lineWrapLikeWord6 printBodyTextBeforeHeader printColBlack
    wpSpaceWidth showBreaksInFrames subFontBySize suppressBottomSpacing suppressTopSpacing
    suppressSpacingAtTopOfPage suppressTopSpacingWP suppressSpBfAfterPgBrk swapBordersFacingPages convMailMergeEsc
    truncateFontHeightsLikeWP6 mwSmallCaps usePrinterMetrics doNotSuppressParagraphBorders wrapTrailSpaces
    footnoteLayoutLikeWW8 shapeLayoutLikeWW8 alignTablesRowByRow forgetLastTabAlignment adjustLineHeightInTable
    autoSpaceLikeWord95 noSpaceRaiseLower doNotUseHTMLParagraphAutoSpacing layoutRawTableWidth
    layoutTableRowsApart useWord97LineBreakRules doNotBreakWrappedTables doNotSnapToGridInCell
    selectFldWithFirstOrLastChar applyBreakingRules doNotWrapTextWithPunct doNotUseEastAsianBreakRules
    useWord2002TableStyleRules growAutofit useFELayout useNormalStyleForList doNotUseIndentAsNumberingTabStop
    useAltKinsokuLineBreakRules allowSpaceOfSameStyleInTable doNotSuppressIndentation
    doNotAutofitConstrainedTables autofitToFirstFixedWidthCell underlineTabInNumList displayHangulFixedWidth
    splitPgBreakAndParaMark doNotVertAlignCellWithSp doNotBreakConstrainedForcedTable doNotVertAlignInTxbx
    useAnsiKerningPairs cachedColBalance
""")
#: The setting that says for which version of Word lines are spaced, a number of two digits.
MODE, OF_WORD = "compatibilityMode", "http://schemas.microsoft.com/office/word"


def build_layout(settings: etree._Element, builder: Builder) -> etree._Element:
    """Return settings that hold the layout alone. Without them, programs space lines as the oldest ones did."""
    refuse_strange(settings, (W, "settings"))
    layout = etree.Element(f"{{{W}}}settings", nsmap=PREFIXES)
    for name in settings.iterchildren(*(f"{{{W}}}{name}" for name in LAYOUT)):
        builder.add(name, layout)
    compat = etree.SubElement(layout, f"{{{W}}}compat")
    for switch in settings.iterfind(f"{{{W}}}compat/{{{W}}}*"):
        if etree.QName(switch).localname in FORMER and is_on(switch.get(f"{{{W}}}val", "true")):
            etree.SubElement(compat, switch.tag)
    mode = settings.find(f"{{{W}}}compat/{{{W}}}compatSetting[@{{{W}}}name='{MODE}']")
    if mode is not None and re.fullmatch(r"\d\d", mode.get(f"{{{W}}}val", ""), re.ASCII):
        attributes = {f"{{{W}}}name": MODE, f"{{{W}}}uri": OF_WORD, f"{{{W}}}val": mode.get(f"{{{W}}}val", "")}
        etree.SubElement(compat, f"{{{W}}}compatSetting", attributes)
    return layout
