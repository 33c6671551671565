"""A dataset as one page for a browser: `factwire report`.

`chosen` says which articles the page has, `overview` counts for its charts, `articles` and `events` make the data of its other views,
`packed` puts data into the page, `page` puts the page together. What runs in the browser is in `assets/`: plain CSS and JavaScript.

The charts are ours: tables whose bars are drawn beside their numbers, and one SVG of columns. A library for charts (altair with Vega inlined
and its interpreter that needs no `eval`) would add 830 KB of script to each page, to draw bars that a screen reader then cannot read and a
keyboard cannot follow; ours are a few lines, each bar leads to its articles, and they are set in the page's own type and colours.
"""
