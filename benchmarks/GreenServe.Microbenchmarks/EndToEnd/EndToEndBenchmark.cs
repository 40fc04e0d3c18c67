using System.Globalization;
using System.Text.Json.Nodes;
using GreenServe.Records;

namespace GreenServe.Microbenchmarks.EndToEnd;

/// <summary>Measures every command of <see cref="CommandPlan"/>, one after the other.</summary>
/// <param name="clock">Clock of the wall time and of the day.</param>
/// <param name="output">Receives a line for each command.</param>
internal sealed class EndToEndBenchmark(TimeProvider clock, TextWriter output)
{
    /// <summary>Shares of the workload that show the growth: a hundredth and a tenth.</summary>
    private static readonly int[] SmallerBy = [100, 10];

    /// <summary>The folder of the repository.</summary>
    public required string Root { get; init; }

    /// <summary>The program that is measured.</summary>
    public required string Program { get; init; }

    /// <summary>Name of the version in the tables.</summary>
    public required string Label { get; init; }

    /// <summary>Number of requests of the workload.</summary>
    public required int Requests { get; init; }

    /// <summary>Number of requests of the larger workload; <c>null</c> for none.</summary>
    public int? LargestRequests { get; init; }

    /// <summary>Number of times that each command is run; on the larger workload it is run once.</summary>
    public required int Repetitions { get; init; }

    /// <summary>Longest time that a command may take.</summary>
    public required TimeSpan Limit { get; init; }

    /// <summary>Runs all commands.</summary>
    /// <exception cref="InvalidInputException">The program does not exist.</exception>
    internal async Task<PerformanceMeasurement> MeasureAsync(CancellationToken stop)
    {
        if (!File.Exists(Program))
        {
            throw new InvalidInputException(new Problem("--program", "no such file", "the program greenserve", Program));
        }

        using ScratchFolder scratch = ScratchFolder.Create("end-to-end");
        CommandPlan plan = new(Root, scratch.Path);
        List<CommandCost> costs = [];
        ReferenceProgram.MeasureSeconds();
        await AddAsync(costs, plan.Fixed(), Repetitions, stop).ConfigureAwait(false);
        foreach (int smaller in SmallerBy.Select(by => Requests / by))
        {
            await AddAsync(costs, plan.On(smaller, isGrowth: true), Repetitions, stop).ConfigureAwait(false);
            plan.Clear(smaller);
        }

        await AddAsync(costs, plan.On(Requests, isGrowth: false), Repetitions, stop).ConfigureAwait(false);
        plan.Clear(Requests);
        if (LargestRequests is { } largest)
        {
            await AddAsync(costs, plan.On(largest, isGrowth: true), 1, stop).ConfigureAwait(false);
        }

        string today = clock.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return new PerformanceMeasurement(Label, CommitOf(Program), today, PerformanceHost.Here(), Requests, costs);
    }

    private async Task AddAsync(
        List<CommandCost> costs, IEnumerable<PlannedCommand> commands, int repetitions, CancellationToken stop)
    {
        foreach (PlannedCommand command in commands)
        {
            List<CommandCost> found = [];
            for (int repetition = 0; repetition < repetitions && found.All(cost => cost.WallSeconds is not null); repetition++)
            {
                double referenceSeconds = ReferenceProgram.MeasureSeconds();
                CommandCost measured = await MeasuredProcess.RunAsync(Program, command, Limit, clock, stop).ConfigureAwait(false);
                found.Add(measured with { ReferenceSeconds = referenceSeconds });
            }

            CommandCost cost = CommandCost.MedianOf(found);
            costs.Add(cost);
            string name = PerformanceText.Name(cost.Command, cost.Requests);
            await output.WriteAsync($"{name} {PerformanceText.Row(cost)}").ConfigureAwait(false);
            await output.FlushAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>The commit that a program was built from, which its settings name; <c>null</c> where they do not.</summary>
    private static string? CommitOf(string program)
    {
        string settings = Path.ChangeExtension(program, null) + ".runtimeconfig.json";
        string? version = File.Exists(settings)
            ? (string?)JsonNode.Parse(File.ReadAllText(settings))?["runtimeOptions"]?["configProperties"]?["GreenServe.Version"]
            : null;
        return version?.Split('+') is [_, var commit] ? commit : null;
    }
}
