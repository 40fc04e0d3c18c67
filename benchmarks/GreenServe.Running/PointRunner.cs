using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Running.Machine;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Opens the runner of a backend. This is the only place that distinguishes backends.</summary>
public static class PointRunner
{
    /// <summary>Number of different values that one problem names.</summary>
    private const int NamedValues = 5;

    /// <summary>Opens the runner that the options describe. Nothing is started before the first point runs.</summary>
    /// <exception cref="InvalidInputException">The options name no server for a backend that needs one.</exception>
    public static IPointRunner Open(PointRunnerOptions options)
    {
        PointInputs inputs = new();
        return new DefinedPointRunner(OpenBackend(options, inputs), options, inputs);
    }

    private static IPointRunner OpenBackend(PointRunnerOptions options, PointInputs inputs) => options switch
    {
        { Backend: BackendKind.Simulated } => new VirtualPointRunner(
            new SimulatedPointRunner(inputs, Record(options), options.Measurement.Live, options.TraceEventsFile),
            new SimulatedClusterPointRunner(inputs, Record(options), options.Measurement.Live, options.TraceEventsFile)),
        { Backend: BackendKind.Engine } => new EnginePointRunner(Measurement(options), options.Points, options.EngineOutput),
        { Server: { } server } => new LaunchedServerPointRunner(Measurement(options), server, options.Connection, options.SharedServerLog),
        { Connection: { } connection } => new EndpointPointRunner(Measurement(options), connection),
        _ => throw new InvalidInputException(new Problem("$.server", null, "the address of a running server, or a server to start")),
    };

    private static RecordOptions Record(PointRunnerOptions options) =>
        new() { Tables = options.Tables, IsReproducible = true, KeepsEachStep = options.KeepsEachStep };

    private static MeasurementContext Measurement(PointRunnerOptions options) => options.Measurement with { Tables = options.Tables };

    /// <summary>Throws if a point cannot run, with every reason.</summary>
    /// <exception cref="InvalidInputException">The point has problems by <see cref="IPointRunner.Check"/>.</exception>
    public static void RequireRunnable(this IPointRunner runner, OperatingPoint point)
    {
        if (runner.Check(point) is { Count: > 0 } problems)
        {
            throw new InvalidInputException(problems);
        }
    }

    /// <summary>Throws if any of several points cannot run, with every reason. No point is started.</summary>
    /// <param name="runner">The runner that is to run the points.</param>
    /// <param name="points">The points of an experiment.</param>
    /// <param name="file">The experiment's file, named in each problem.</param>
    /// <param name="parallel">Number of points that are checked at the same time.</param>
    /// <exception cref="InvalidInputException">A point has problems by <see cref="IPointRunner.Check"/>.</exception>
    public static void RequireRunnable(
        this IPointRunner runner, IReadOnlyList<OperatingPoint> points, string file, ParallelOptions parallel)
    {
        IReadOnlyList<Problem>[] found = new IReadOnlyList<Problem>[points.Count];
        Parallel.For(0, points.Count, parallel, index =>
        {
            found[index] = runner.Check(points[index]);
        });
        if (found.Any(list => list.Count > 0))
        {
            throw new InvalidInputException(found.SelectMany((list, index) => list.Select(problem => (points[index], problem)))
                .GroupBy(item => (item.problem.Place, item.problem.Allowed, item.problem.File, item.problem.Line, item.problem.Said))
                .Select(group => Together([.. group], file)));
        }
    }

    /// <summary>One problem for all points that have it, so that one bad knob of an experiment is one line.</summary>
    private static Problem Together((OperatingPoint Point, Problem Problem)[] same, string file)
    {
        Problem first = same[0].Problem;
        object?[] found = [.. same.Select(item => item.Problem.Found).Distinct()];
        string points = same.Length == 1 ? same[0].Point.Id : $"{same[0].Point.Id} and {same.Length - 1} more points";
        return first with
        {
            Place = $"{points}: {first.Place}",
            Found = found.Length == 1 ? found[0] : string.Join(", ", found.Take(NamedValues).Select(value => Text(value)))
                + (found.Length > NamedValues ? ", …" : ""),
            File = first.File ?? file,
        };
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "nothing";
}
