using System.Text.Json;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace GreenServe.Tests.Browser;

/// <summary>Faults that readers with disabilities meet, as axe-core finds them.</summary>
internal static class Accessibility
{
    private static readonly string Script = new BundledAxeScriptProvider().GetScript();

    /// <summary>The serious and critical faults of a page with everything unfolded, each with the first elements that have it.</summary>
    internal static async Task<string[]> FaultsAsync(IPage page)
    {
        await ReportPage.UnfoldAsync(page);

        // Evaluated by the browser itself, so that the page's policy, which forbids foreign scripts, need not be loosened.
        await page.EvaluateAsync(Script);
        // The rows of a table are alike.
        JsonElement found = (await page.EvaluateAsync("""
            axe.run({ exclude: [['tbody tr:nth-child(n+9)']] }, { resultTypes: ['violations'] }).then(result => result.violations
              .filter(fault => fault.impact === 'serious' || fault.impact === 'critical')
              .map(fault => `${fault.id}: ${fault.help}: ` + fault.nodes.slice(0, 3)
                .map(node => `${node.html.slice(0, 160)} ${node.any.map(one => one.message)}`).join(' | ')))
            """))!.Value;
        return [.. found.EnumerateArray().Select(fault => fault.GetString()!)];
    }
}
