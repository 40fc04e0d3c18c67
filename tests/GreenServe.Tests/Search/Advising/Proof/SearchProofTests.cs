using System.Globalization;
using GreenServe.Search.Advising.Searching;
using GreenServe.Workloads;
using Xunit.Abstractions;

namespace GreenServe.Tests.Search.Advising.Proof;

/// <summary>Proof of the search against exhaustive search, on grids of about 10,000 settings.</summary>
public sealed class SearchProofTests(ITestOutputHelper output)
{
    /// <summary>The variable that names the folder in which exhaustive tables are kept; unset, the proof is skipped.</summary>
    private const string FolderVariable = "GREENSERVE_SEARCH_PROOF";

    private static readonly SettingSearchOptions Options = new() { GpuLimit = 8 };

    [Fact]
    public void Run_ComesWithinOnePercent_WhenTheGridIsReduced()
    {
        ProofGrid proof = ProofGrid.All[0];
        Workload workload = proof.Workload with { Requests = 100, WarmUpSeconds = 2 };
        ExhaustiveTable table = ExhaustiveTable.Of(workload, proof.Reduced, proof.GpuLimit, folder: null);
        SettingSearchOptions options = Options with { ExactSettings = 0, MinSimulations = 40, Repetitions = 1 };

        // 40 of 168 settings are simulated under each SLO.
        Assert.All(ProofSlo.Of(table).Take(4), slo => Assert.InRange(Search(table, slo, options).Excess, 0, 0.01));
    }

    [SkippableTheory]
    [InlineData(0, 1)]
    [InlineData(0, 101)]
    [InlineData(1, 1)]
    [InlineData(1, 101)]
    [InlineData(2, 1)]
    [InlineData(2, 101)]
    [InlineData(3, 1)]
    [InlineData(3, 101)]
    public void Run_ComesWithinOnePercent_WhenComparedWithExhaustiveSearch(int grid, int seed)
    {
        string? folder = Environment.GetEnvironmentVariable(FolderVariable);
        Skip.If(string.IsNullOrEmpty(folder), $"set {FolderVariable} to a folder to simulate about 80,000 settings");
        ProofGrid proof = ProofGrid.All[grid];
        ExhaustiveTable table = ExhaustiveTable.Of(proof.Workload with { Seed = (ulong)seed }, proof.Space, proof.GpuLimit, folder);

        int within = 0;
        int cases = 0;
        foreach (ProofSlo slo in ProofSlo.Of(table))
        {
            (double excess, int simulations) = Search(table, slo, Options);
            cases++;
            within += excess <= 0.01 && simulations <= 0.05 * table.Possible.Count ? 1 : 0;
        }

        output.WriteLine($"{proof.Workload.Name} seed {seed}: {within} of {cases} cases");
        Assert.True(within >= cases - 1, $"{within} of {cases} cases");
    }

    /// <summary>
    /// The objective of the setting that the search finds over the least of all; the same of the ratio where nothing meets the SLO.
    /// </summary>
    private (double Excess, int Simulations) Search(ExhaustiveTable table, ProofSlo slo, SettingSearchOptions options)
    {
        GridSearch search = new(table.Under(slo), options, CancellationToken.None);
        search.Run();
        SettingScore[] all = [.. table.Possible.Select(number => slo.ScoreOf(table[number])).Order(ByScore)];
        SettingScore found = search.Finalists[0].MeanScore;
        double excess = all[0].IsFeasible
            ? found.IsFeasible ? (found.Objective / all[0].Objective) - 1 : double.PositiveInfinity
            : (found.WorstRatio / all[0].WorstRatio) - 1;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{table.Workload.Name,-8} p{slo.Percentile}  TTFT {slo.TtftSeconds:F3} s  TBT {slo.TbtSeconds:F4} s  "));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {all.Count(score => score.IsFeasible)} of {all.Length} meet it  excess {excess:P2}  simulations {search.Trials.Count}"));
        if (excess > 0.01)
        {
            long best = table.Possible.First(number => slo.ScoreOf(table[number]) == all[0]);
            output.WriteLine($"  least {all[0]} at {Words(table, best)}");
            output.WriteLine($"  found {found} at {Words(table, search.Finalists[0].Number)}");
        }

        return (excess, search.Trials.Count);
    }

    private static string Words(ExhaustiveTable table, long number) => string.Join(", ", table.Space.CoordinatesOf(number)
        .Select((place, axis) => $"{table.Space.Axes[axis].Name} {table.Space.Axes[axis].Values[place].Words}"));

    private static Comparer<SettingScore> ByScore { get; } = Comparer<SettingScore>.Create(SettingScore.Compare);
}
