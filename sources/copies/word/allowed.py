"""The markup that the copy of a Word document may hold (ECMA-376, part 1, and the shapes of Word 2010).

Whatever is not named here stays behind: what is bound to forms, named, described, linked or written for programs.
"""

from __future__ import annotations

import re

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
WPG = "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"
WPC = "http://schemas.microsoft.com/office/word/2010/wordprocessingCanvas"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"
V = "urn:schemas-microsoft-com:vml"
O = "urn:schemas-microsoft-com:office:office"  # noqa: E741  (the prefix that everybody knows it by)
W10 = "urn:schemas-microsoft-com:office:word"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
#: The prefixes of a copy, whatever those of the document were.
PREFIXES = {
    **{"w": W, "r": R, "wp": WP, "a": A, "pic": PIC, "wps": WPS, "wpg": WPG},
    **{"wpc": WPC, "m": M, "v": V, "o": O, "w10": W10},
}


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS: dict[str, frozenset[str]] = {
    W: names("""
        document body hdr ftr footnotes footnote endnotes endnote
        p pPr pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr ilvl numId suppressLineNumbers pBdr
        top left bottom right between bar start end insideH insideV tl2br tr2bl shd tabs tab suppressAutoHyphens
        kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind
        contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl
        r rPr rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint color w kern
        position sz szCs highlight u effect bdr fitText vertAlign rtl cs em eastAsianLayout oMath bdo dir
        t br cr noBreakHyphen softHyphen sym ptab pgNum fldSimple fldChar instrText drawing pict txbxContent
        footnoteReference endnoteReference footnoteRef endnoteRef separator continuationSeparator
        ruby rubyPr rubyAlign hps hpsRaise hpsBaseText lid rt rubyBase
        tbl tblPr tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW tblCellSpacing
        tblInd tblBorders tblLayout tblCellMar tblLook tblGrid gridCol tblPrEx tr trPr gridBefore gridAfter wBefore
        wAfter cantSplit trHeight tblHeader tc tcPr tcW gridSpan hMerge vMerge tcBorders noWrap tcMar tcFitText vAlign
        hideMark cnfStyle
        sectPr headerReference footerReference footnotePr endnotePr pos numFmt numStart numRestart type pgSz pgMar
        pgBorders lnNumType pgNumType cols col noEndnote titlePg rtlGutter docGrid
        styles docDefaults rPrDefault pPrDefault style basedOn uiPriority qFormat tblStylePr
        numbering abstractNum multiLevelType numStyleLink styleLink lvl lvlRestart isLgl suff lvlText lvlJc num
        abstractNumId lvlOverride startOverride
        mirrorMargins gutterAtTop defaultTabStop autoHyphenation consecutiveHyphenLimit hyphenationZone
        doNotHyphenateCaps evenAndOddHeaders characterSpacingControl
    """),
    WP: names("""
        inline anchor extent effectExtent docPr cNvGraphicFramePr simplePos positionH positionV align posOffset
        wrapNone wrapSquare wrapTight wrapThrough wrapTopAndBottom wrapPolygon start lineTo
    """),
    A: names("""
        graphic graphicData blip stretch fillRect tile srcRect xfrm off ext chOff chExt prstGeom custGeom avLst gdLst gd
        rect pathLst path moveTo lnTo pt arcTo cubicBezTo quadBezTo close ln noFill solidFill gradFill blipFill
        pattFill grpFill gsLst gs lin tileRect fillToRect fgClr bgClr schemeClr srgbClr sysClr prstClr scrgbClr hslClr
        tint shade comp inv gray alpha alphaOff alphaMod hue hueOff hueMod sat satOff satMod lum lumOff lumMod red
        redOff redMod green greenOff greenMod blue blueOff blueMod gamma invGamma alphaModFix alphaBiLevel alphaRepl
        biLevel grayscl duotone clrChange clrFrom clrTo clrRepl hsl prstDash custDash ds round bevel miter headEnd
        tailEnd effectLst outerShdw innerShdw prstShdw glow softEdge reflection blur scene3d camera lightRig rot sp3d
        bevelT bevelB contourClr extrusionClr prstTxWarp noAutofit normAutofit spAutoFit flatTx lnRef fillRef effectRef
        fontRef theme themeElements clrScheme dk1 lt1 dk2 lt2 accent1 accent2 accent3 accent4 accent5 accent6 hlink
        folHlink fontScheme majorFont minorFont latin ea font fmtScheme fillStyleLst lnStyleLst effectStyleLst
        effectStyle bgFillStyleLst
    """)
    | {"cs"},
    PIC: names("pic nvPicPr cNvPr cNvPicPr blipFill spPr"),
    WPS: names("wsp cNvPr cNvSpPr cNvCnPr spPr style txbx linkedTxbx bodyPr"),
    WPG: names("wgp grpSp cNvPr cNvGrpSpPr grpSpPr"),
    WPC: names("wpc bg whole"),
    M: names("""
        oMath oMathPara oMathParaPr acc accPr bar barPr box boxPr borderBox borderBoxPr d dPr e eqArr eqArrPr f fPr
        fName func funcPr groupChr groupChrPr lim limLow limLowPr limUpp limUppPr m mPr mr mc mcs mcPr count mcJc nary
        naryPr num den deg rad radPr degHide sPre sPrePr sSub sSubPr sSubSup sSubSupPr sSup sSupPr sub sup phant
        phantPr show zeroAsc zeroDesc zeroWid transp r rPr t lit nor scr sty brk aln chr pos vertJc begChr endChr
        sepChr grow shp baseJc maxDist objDist rSp rSpRule cGp cGpRule cSp plcHide type limLoc subHide supHide noBreak
        opEmu diff hideTop hideBot hideLeft hideRight strikeH strikeV strikeBLTR strikeTLBR argPr argSz ctrlPr jc
    """),
    V: names("""
        shape shapetype group rect roundrect oval line polyline arc curve path formulas f stroke fill shadow textpath
        textbox imagedata
    """),
    W10: names("wrap anchorlock bordertop borderleft borderbottom borderright"),
}

_OF_DRAWINGS = names("""
    distT distB distL distR simplePos relativeHeight behindDoc locked layoutInCell allowOverlap cx cy x y l t r b
    relativeFrom wrapText uri prst rot flipH flipV idx val w h cap cmpd algn type len pos ang scaled path rad blurRad
    dist dir sx sy kx ky rotWithShape stA stPos endA endPos fadeDir thresh amt hue sat lum panose pitchFamily charset
    script lastClr vert wrap lIns tIns rIns bIns numCol spcCol rtlCol fromWordArt anchor anchorCtr forceAA upright
    compatLnSpc vertOverflow horzOverflow spcFirstLastPara fill stroke extrusionOk hR wR stAng swAng fov zoom lat lon
    rev rig prstMaterial z extrusionH contourW tx ty flip dpi txBox fontScale lnSpcReduction useA grow d sp lim id seq
    fmla typeface name
""")
#: The attributes that an element may have, by the namespace of the element. Those of Word bear its own namespace.
ATTRIBUTES: dict[str, frozenset[str]] = {
    W: names("""
        val type w h space sz color themeColor themeTint themeShade fill themeFill themeFillTint themeFillShade shadow
        frame left right top bottom start end header footer gutter orient num equalWidth sep linePitch charSpace countBy
        restart distance fmt chapStyle chapSep offsetFrom zOrder display before after line lineRule beforeAutospacing
        afterAutospacing beforeLines afterLines firstLine firstLineChars hanging hangingChars leftChars rightChars
        startChars endChars pos leader hRule x y xAlign yAlign hAnchor vAnchor hSpace vSpace wrap dropCap lines
        anchorLock ascii hAnsi eastAsia cs hint asciiTheme hAnsiTheme eastAsiaTheme cstheme char font id combine
        combineBrackets vert vertCompress tblpX tblpY tblpXSpec tblpYSpec leftFromText rightFromText topFromText
        bottomFromText horzAnchor vertAnchor firstRow lastRow firstColumn lastColumn noHBand noVBand fldCharType instr
        ilvl abstractNumId numId styleId default customStyle clear alignment relativeTo customMarkFollows
    """),
    **dict.fromkeys((WP, A, PIC, WPS, WPG, WPC), _OF_DRAWINGS),
    M: names("val alnAt"),
    V: names("""
        id type style coordsize coordorigin path adj filled fillcolor stroked strokecolor strokeweight opacity from to
        points arcsize startangle endangle control1 control2 control3 wrapcoords v textpathok gradientshapeok arrowok
        fillok strokeok shadowok limo textboxrect insetpen eqn on color color2 weight linestyle miterlimit joinstyle
        endcap dashstyle filltype startarrow startarrowwidth startarrowlength endarrow endarrowwidth endarrowlength
        angle focus focusposition focussize colors method recolor rotate offset offset2 origin obscured fitshape
        fitpath trim xscale string inset cropleft croptop cropright cropbottom gain blacklevel gamma grayscale bilevel
        chromakey
    """),
    W10: names("type side anchorx anchory width shadow"),
}
#: Attributes of the old shapes that bear the namespace of the Office.
OF_THE_OFFICE = names("spt preferrelative allowincell allowoverlap hr hrstd hralign hrnoshade hrpct connecttype")
#: What an attribute may say: a number with its unit, a colour, a word of the format, a language.
PLAIN = re.compile(
    r"[+-]?\d*\.?\d+(%|[a-z]{1,4})?|#?[0-9A-Fa-f]{1,24}|[A-Za-z][A-Za-z0-9]{0,39}|[a-z]{2,3}-[A-Z]{2}|", re.ASCII
)
SIGN = re.compile(r".{0,2}", re.DOTALL)
PLACE = re.compile(r"-?\d{1,12}|[a-z]{1,12}", re.ASCII)
MEASURE = re.compile(r"[a-z0-9 .,%#-]{0,40}", re.IGNORECASE | re.ASCII)
FONT = re.compile(r"[\w .,'\"&()@+-]{0,60}")
#: The line of an old shape, a colour with its number among those of the document, and a formula for a point.
LINE = re.compile(
    r"(?!.*[a-zA-Z]{5})[\w .,;:#@%*/+()\[\]-]{0,60000}|[#\w]{0,20}( \[\w{1,20}\])?|fill \w{1,10}\(\d{1,3}\)", re.ASCII
)
FORMULA = re.compile(r"(\*/|\+-|\+/|\?:|[a-z]{2,12}2?)( [@#a-zA-Z0-9-]{1,16}){0,3}", re.ASCII)
#: The elements that name a font, and their attributes that do.
NAMING_FONTS = names("rFonts sym latin ea cs font")
FONTS = names("ascii hAnsi eastAsia cs font typeface")
#: The attributes of old shapes that draw in numbers and letters.
LINES = names("""
    path v adj points coordsize coordorigin inset colors wrapcoords textboxrect limo from to fillcolor
    strokecolor color color2 dashstyle focusposition focussize control1 control2 control3 offset offset2 origin
    chromakey trim
""")
#: Values that are drawn: the sign of a list, the words of WordArt; and the brackets of a formula.
WORDS = {(W, "lvlText", "val"), (V, "textpath", "string")}
SIGNS = {(M, name, "val") for name in ("chr", "begChr", "endChr", "sepChr")}
#: What lies in a drawing, by its kind. Of charts and diagrams there is no copy.
DRAWINGS = (PIC, WPS, WPG, WPC)
#: The measures that old shapes write as a style.
STYLES = names("""
    position left top right bottom width height margin margin-left margin-top margin-right margin-bottom z-index
    rotation flip text-align v-text-anchor v-text-align font-family font-size font-weight font-style
    mso-position-horizontal mso-position-vertical mso-position-horizontal-relative mso-position-vertical-relative
    mso-width-percent mso-height-percent mso-width-relative mso-height-relative mso-left-percent mso-top-percent
    mso-wrap-style mso-wrap-distance-left mso-wrap-distance-top mso-wrap-distance-right mso-wrap-distance-bottom
    mso-wrap-edited mso-fit-shape-to-text layout-flow mso-layout-flow-alt
""")
#: Names of styles that every Word knows.
KNOWN_STYLE = re.compile(
    r"normal|default paragraph font|(normal|table) (table|normal|grid)|no list|heading [1-9]|title|subtitle|caption"
    r"|to[ca] ([1-9]|heading)|index [1-9]|header|footer|page number|(foot|end)note (text|reference)|hyperlink|quote"
    r"|intense quote|strong|emphasis|no spacing|list( bullet| number| paragraph| continue)?( [2-5])?"
    r"|body text( indent)?( [23])?|block text|plain text",
    re.IGNORECASE,
)
#: What is unpacked: the text stays, the wrapping (a form, a link, a mark of who put it in) does not.
UNPACKED = {(W, name) for name in ("ins", "moveTo", "smartTag", "customXml", "hyperlink", "sdt", "sdtContent")} | {
    (W14, "conflictIns")
}
