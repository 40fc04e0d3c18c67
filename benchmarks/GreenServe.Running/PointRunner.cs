using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Opens the runner of a backend. This is the only place that distinguishes backends.</summary>
public static class PointRunner
{
    /// <summary>Opens the runner that the options describe. Nothing is started before the first point runs.</summary>
    /// <exception cref="InvalidInputException">The options name no server for a backend that needs one.</exception>
    public static IPointRunner Open(PointRunnerOptions options) => options switch
    {
        { Backend: BackendKind.Simulated, ClusterFile: { } cluster } => new SimulatedClusterPointRunner(cluster, options.TraceEventsFile),
        { Backend: BackendKind.Simulated } => new SimulatedPointRunner(options.TraceEventsFile),
        { Backend: BackendKind.Engine } => new EnginePointRunner(options.Measurement, options.Points, options.EngineOutput),
        { Server: { } server } => new LaunchedServerPointRunner(options.Measurement, server, options.Connection, options.SharedServerLog),
        { Connection: { } connection } => new EndpointPointRunner(options.Measurement, connection),
        _ => throw new InvalidInputException(new Problem("$.server", null, "the address of a running server, or a server to start")),
    };

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
            OperatingPoint point = points[index];
            found[index] = [.. runner.Check(point).Select(problem => problem with { Place = $"{point.Id}: {problem.Place}", File = file })];
        });
        Problem[] problems = [.. found.SelectMany(list => list)];
        if (problems.Length > 0)
        {
            throw new InvalidInputException(problems);
        }
    }
}
