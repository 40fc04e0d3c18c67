using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>How a page lies on a phone of 390 px.</summary>
internal static class PhoneLayout
{
    /// <summary>The elements that reach beyond the right edge, other than those that a reader scrolls.</summary>
    internal static Task<string[]> TooWideAsync(IPage page) => page.EvaluateAsync<string[]>("""
        [...document.querySelectorAll('body *')]
          .filter(one => one.getBoundingClientRect().right > 391 && one.offsetParent && !one.closest('.scroll') && !one.closest('pre'))
          .map(one => `${one.tagName} ${one.id} ${one.className}`)
        """);

    /// <summary>Scrolls a table to its end.</summary>
    /// <returns>How far its first column then lies from the table's left edge (px): 0 where it stays in view.</returns>
    internal static Task<double> FirstColumnOffsetAsync(IPage page, string table) => page.EvaluateAsync<double>($$"""
        (() => {
          const box = document.querySelector('#{{table}} .scroll');
          box.scrollLeft = box.scrollWidth;
          return box.querySelector('tbody td').getBoundingClientRect().left - box.getBoundingClientRect().left;
        })()
        """);
}
