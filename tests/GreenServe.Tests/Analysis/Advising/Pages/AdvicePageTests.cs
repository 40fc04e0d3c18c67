using System.Text.RegularExpressions;
using GreenServe.Analysis.Advising;
using GreenServe.Analysis.Advising.Pages;
using GreenServe.Analysis.Tables;
using GreenServe.Records;
using GreenServe.Records.Slos;
using GreenServe.Records.Systems;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Advising.Pages;

public sealed class AdvicePageTests
{
    private const string Hostile = "</script><script>alert(1)</script><!--<script>\"'|*a*";

    [Fact]
    public void Write_SaysTheAdviceFirst_WithItsEvidence()
    {
        using TemporaryFolder folder = new();

        string html = Page(SyntheticAdvice.Full(), folder);

        Assert.Contains(
            "<p class=\"headline\"><span class=\"badge simulated\">simulated</span> " + SyntheticAdvice.Recommended,
            html, StringComparison.Ordinal);
        Assert.Contains("href=\"artifacts/advice-tried.csv\"", html, StringComparison.Ordinal);
        Assert.Contains("<pre tabindex=\"0\" data-language=\"bash\">nvidia-smi -rgc</pre>", html, StringComparison.Ordinal);
        Assert.Contains("content=\"default-src 'none'; script-src 'sha256-", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_SaysWhyNumbersAreAbsent_WhenNothingWasStatedOrAsked()
    {
        using TemporaryFolder folder = new();

        string html = Page(SyntheticAdvice.Plain() with { Slo = null }, folder);

        Assert.All(
            new[]
            {
                "Cost: not worked out, because no price was stated.", "Carbon: not worked out, because no carbon intensity was stated.",
                "No SLO was stated, so that there is no limit to loosen.", "Not worked out: it was not asked for.",
                "No measured records were given", "Not verified: no server was asked", "No knob was varied", "none: no latency is limited",
                "against the accelerators used",
            },
            sentence => Assert.Contains(sentence, html, StringComparison.Ordinal));
    }

    [Fact]
    public void Write_ShowsTheNearestSetting_WhenNothingMeetsTheSlo()
    {
        using TemporaryFolder folder = new();
        AdvisedSetting nearest = SyntheticAdvice.Setting(2, 600, 256, Precision.Bf16);

        string html = Page(SyntheticAdvice.Plain() with { Finalists = [], Nearest = nearest }, folder);

        Assert.False(nearest.IsFeasible);
        Assert.Contains("There is no finalist", html, StringComparison.Ordinal);
        Assert.Contains("nearest to the SLO", html, StringComparison.Ordinal);
        Assert.Contains("No setting that was tried meets the SLO.", html, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf("artifacts", "advice-finalists.png")));
    }

    [Fact]
    public void Write_ShowsWhatAVerificationFound_WithTheEvidenceOfItsRuns()
    {
        using TemporaryFolder folder = new();
        AdviceDocument full = SyntheticAdvice.Full();
        VerifiedSetting verified = full.Verification!.Settings[0];
        AdviceVerification simulated = full.Verification with
        {
            Settings =
            [
                verified with
                {
                    Measured = verified.Measured with { Evidence = EvidenceKind.Simulated },
                    LatencyErrors =
                    [
                        new LatencyError(SloMetric.Ttft, 99, null, 0.12, IsWithinBand: true),
                        new LatencyError(SloMetric.Tbt, 99, ["SS"], null, null),
                    ],
                },
            ],
            NotMeasured = ["the second finalist: the server did not start"],
            NoTwinReason = "there are too few runs",
        };

        string html = Page(full with { Verification = simulated }, folder);

        string section = html[html.IndexOf("<section id=\"verification\">", StringComparison.Ordinal)..];
        section = section[..section.IndexOf("</section>", StringComparison.Ordinal)];
        Assert.Contains("<span class=\"badge simulated\">simulated</span> The advice stood", section, StringComparison.Ordinal);
        Assert.DoesNotContain("badge measured", section, StringComparison.Ordinal);
        Assert.Contains("TTFT at P99 +12 %, within the error band; TBT at P99 of SS not known", section, StringComparison.Ordinal);
        Assert.Contains("Not measured: the second finalist: the server did not start.", section, StringComparison.Ordinal);
        Assert.Contains("No twin was fitted to these runs: there are too few runs.", section, StringComparison.Ordinal);
        Assert.Contains(
            "## Verification (simulated)", File.ReadAllText(folder.PathOf(AdvicePage.MarkdownFileName)), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_KeepsHostileNamesAsText()
    {
        using TemporaryFolder folder = new();
        AdviceDocument full = SyntheticAdvice.Full();

        string html = Page(
            full with
            {
                WorkloadName = Hostile,
                Sentences = [Hostile],
                Warnings = [Hostile],
                Finalists = [.. full.Finalists.Select(setting => setting with { Words = Hostile, QualityNote = Hostile })],
                Commands = [new DeploymentSnippet(Hostile, Hostile, Hostile, Hostile, [Hostile])],
            },
            folder);

        // The page's own scripts: the figures, their pictures, the chart library and what draws.
        Assert.Equal(4, Regex.Count(html, "<script"));
        Assert.Equal(4, Regex.Count(html, "</script>"));
        Assert.DoesNotContain("<!--", html, StringComparison.Ordinal);
        string markdown = File.ReadAllText(folder.PathOf("advice.md"));
        Assert.DoesNotContain("<script>", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("|*a*", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_PutsTheNumbersIntoTables_WithTheEvidenceFirst()
    {
        using TemporaryFolder folder = new();
        AdviceDocument full = SyntheticAdvice.Full();
        Page(full, folder);

        ResultTable tried = TableFile.Read(folder.PathOf("artifacts", "advice-tried.csv"));
        ResultTable finalists = TableFile.Read(folder.PathOf("artifacts", "advice-finalists.csv"));
        ResultTable limits = TableFile.Read(folder.PathOf("artifacts", "advice-limits.csv"));
        ResultTable looser = TableFile.Read(folder.PathOf("artifacts", "advice-relaxations.csv"));

        Assert.All([tried, finalists, limits, looser], table => Assert.Equal("evidence", table.Columns[0].Name));

        // 3 x 8 x 4 x 2 settings of the grid, each once, although six of them have a name; and the one that was measured.
        Assert.Equal(193, tried.Rows.Count);
        Assert.Equal(1, Enumerable.Range(0, 193).Count(row => tried.Text(row, "evidence") == "measured"));

        // TP 4 at 1605 of 1980 MHz, batch 256, fp8: (0.35 / 0.8106 + 0.5 x 0.8106^1.5) x 1.08 x (1 + 10 / 256) x 0.72 = 0.64373 J.
        Assert.Equal("recommended", finalists.Text(0, "role"));
        Assert.Equal(0.64373, finalists.Number(0, "joules_per_output_token")!.Value, tolerance: 1e-4);
        Assert.Equal(0.84 * 0.64373, finalists.Number(0, "joules_per_output_token_band_low")!.Value, tolerance: 1e-4);
        Assert.Equal(8, finalists.Number(0, "gpus"));

        // Two limits for each of the four finalists and the two settings beside them.
        Assert.Equal(12, limits.Rows.Count);
        Assert.Equal((0.1, 0.14), (limits.Number(1, "limit_seconds"), looser.Number(0, "saving_ratio")));
    }

    [Fact]
    public void Write_GivesTheSameBytes_ForTheSameDocument()
    {
        using TemporaryFolder one = new();
        using TemporaryFolder other = new();

        Assert.Equal(Page(SyntheticAdvice.Full(), one), Page(SyntheticAdvice.Full(), other));
    }

    private static string Page(AdviceDocument document, TemporaryFolder folder)
    {
        AdvicePage.Write(document, folder.Root);
        return File.ReadAllText(folder.PathOf(AdvicePage.FileName));
    }
}
