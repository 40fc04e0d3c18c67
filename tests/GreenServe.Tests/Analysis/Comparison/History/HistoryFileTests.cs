using GreenServe.Analysis.Comparison.History;
using GreenServe.Analysis.Grids;
using GreenServe.Records;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.Analysis.Comparison.History;

public sealed class HistoryFileTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Append_AddsOneLineARun_WhenThereAreLinesAlready()
    {
        using TemporaryFolder folder = new();
        string file = folder.PathOf("history.jsonl");

        HistoryFile.Append(file, Runs(folder, "a", 1, 2), "first", Start);
        string before = File.ReadAllText(file);
        HistoryFile.Append(file, Runs(folder, "b", 1), "second", Start.AddDays(1));

        Assert.StartsWith(before, File.ReadAllText(file), StringComparison.Ordinal);
        HistoryContent content = HistoryFile.Read(file);
        Assert.Equal(["first", "first", "second"], content.Entries.Select(entry => entry.Label));
        Assert.Empty(content.Skipped);

        // A wave is 0.5 s at 600 W and 1 s at 300 W; three waves without the first prefill, 33 - 1 tokens.
        Assert.Equal(1500 / 32.0, content.Entries[0].Metrics["joules_per_output_token"], 1e-6);
    }

    [Fact]
    public void Read_SkipsAndNamesLines_WhenTheyAreBroken()
    {
        using TemporaryFolder folder = new();
        string file = folder.PathOf("history.jsonl");
        HistoryFile.Append(file, Runs(folder, "a", 1), "first", Start);
        File.AppendAllText(file, "<<<<<<< HEAD\n{\"schema_version\": 99}\n{\"schema_ver");
        HistoryFile.Append(file, Runs(folder, "b", 1), "second", Start.AddDays(1));

        HistoryContent content = HistoryFile.Read(file);

        Assert.Equal(["first", "second"], content.Entries.Select(entry => entry.Label));
        Assert.Equal([2, 3, 4], content.Skipped.Select(problem => problem.Line));
    }

    [Fact]
    public void Read_CountsALineOnce_WhenAMergeKeptItTwice()
    {
        using TemporaryFolder folder = new();
        string file = folder.PathOf("history.jsonl");
        HistoryFile.Append(file, Runs(folder, "a", 1), "first", Start);
        File.AppendAllText(file, File.ReadAllText(file));

        Assert.Single(HistoryFile.Read(file).Entries);
    }

    [Fact]
    public void Read_Refuses_WhenTheFileIsMissing() =>
        Assert.Throws<InvalidInputException>(() => HistoryFile.Read("/nowhere/at/all.jsonl"));

    private static IReadOnlyList<ExperimentRun> Runs(TemporaryFolder folder, string name, params double[] factors) =>
        HistoryRuns.Write(folder, name, factors);
}
