using System.Globalization;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>One command line that is measured.</summary>
/// <param name="Name">The command in words, for example <c>run</c>.</param>
/// <param name="Requests">Number of requests of the workload; <c>null</c> for a command whose cost has nothing to do with them.</param>
/// <param name="Arguments">The words after <c>greenserve</c>.</param>
/// <param name="Output">The folder that the command fills; <c>null</c> if it writes no files.</param>
internal sealed record PlannedCommand(string Name, int? Requests, IReadOnlyList<string> Arguments, string? Output = null)
{
    /// <summary>Removes what an earlier repetition has left.</summary>
    internal void Clear()
    {
        if (Directory.Exists(Output))
        {
            Directory.Delete(Output, recursive: true);
        }
    }
}

/// <summary>The commands that are measured, and the workload on which they are.</summary>
/// <param name="root">The folder of the repository, which holds the experiment of the sweep.</param>
/// <param name="scratch">A folder for what the commands write.</param>
internal sealed class CommandPlan(string root, string scratch)
{
    internal const string Run = "run";
    internal const string RunAsCsv = "run --tables csv";
    internal const string Analyze = "analyze";
    internal const string Attribute = "attribute";
    internal const string Compare = "compare";
    internal const string Query = "query";
    internal const string Sweep = "sweep";
    internal const string SmallRun = "run class-mm";
    internal const string Version = "--version";

    /// <summary>The commands that are also measured on fewer and on more requests.</summary>
    internal static IReadOnlyList<string> Growing { get; } = [Run, Analyze, Attribute, Compare, Query];

    /// <summary>The commands whose cost has nothing to do with the number of requests.</summary>
    internal IEnumerable<PlannedCommand> Fixed()
    {
        string experiment = Path.Combine(root, "paper-artifacts", "experiments", "slo-heatmap.experiment.yaml");
        string records = In("heat-map");
        string small = In("small");
        yield return new(Version, null, ["--version"]);
        yield return new(SmallRun, null, ["run", "class-mm", "--out", small], small);
        yield return new(Sweep, null, ["sweep", experiment, "--out", records], records);
    }

    /// <summary>The commands on a workload of so many requests, in an order in which each finds what it reads.</summary>
    /// <param name="requests">Number of requests.</param>
    /// <param name="isGrowth">Whether only the commands of <see cref="Growing"/> are wanted.</param>
    internal IEnumerable<PlannedCommand> On(int requests, bool isGrowth)
    {
        string workload = In($"{requests}.workload.yaml");
        File.WriteAllText(workload, WorkloadText(requests));
        string record = In($"record-{requests}");
        string report = In($"report-{requests}");
        string csv = In($"csv-{requests}");
        string[] run = ["run", workload, "--set", "tensor_parallelism=8", "--out"];
        if (!isGrowth)
        {
            yield return new(RunAsCsv, requests, [.. run, csv, "--tables", "csv"], csv);
        }

        yield return new(Run, requests, [.. run, record], record);
        yield return new(Analyze, requests, ["analyze", record, "--out", report], report);
        yield return new(Attribute, requests, ["attribute", record]);
        yield return new(Compare, requests, ["compare", record, record]);
        yield return new(Query, requests, ["query", "SELECT count(*), avg(energy_joules) FROM requests", record]);
    }

    /// <summary>Removes the folders of a workload, once nothing reads them any more.</summary>
    internal void Clear(int requests)
    {
        foreach (string folder in (string[])[In($"record-{requests}"), In($"report-{requests}"), In($"csv-{requests}")])
        {
            new PlannedCommand("", null, [], folder).Clear();
        }
    }

    private string In(string name) => Path.Combine(scratch, name);

    private static string WorkloadText(int requests) => string.Create(CultureInfo.InvariantCulture, $$"""
        name: end-to-end
        purpose: requests in number, to see what each one costs the suite itself
        source: synthetic
        model: llama-2-70b
        slo: dynamollm
        arrival: { kind: poisson, requests_per_second: 5 }
        lengths:
          kind: independent
          input: { kind: fixed, tokens: 512 }
          output: { kind: fixed, tokens: 128 }
        requests: {{requests}}
        warm_up_seconds: 60
        seed: 1

        """);
}
