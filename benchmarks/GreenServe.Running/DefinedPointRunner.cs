using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Puts into every record what defined its run, whatever the backend.</summary>
/// <param name="runner">Runs the points.</param>
/// <param name="options">The options that the runner was opened with.</param>
/// <param name="inputs">What the points share.</param>
internal sealed class DefinedPointRunner(IPointRunner runner, PointRunnerOptions options, PointInputs inputs) : IPointRunner
{
    /// <summary>The runner of the backend.</summary>
    internal IPointRunner Backend => runner;

    /// <inheritdoc />
    public bool RunsConcurrently => runner.RunsConcurrently;

    /// <inheritdoc />
    public IReadOnlyList<Problem> Check(OperatingPoint point) => runner.Check(point);

    /// <inheritdoc />
    public IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) => runner.InRunOrder(points);

    /// <inheritdoc />
    public Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken) =>
        runner.RunAsync(point with { Definition = PointDefinition.Of(point, options, inputs) }, folder, cancellationToken);

    /// <inheritdoc />
    public ValueTask DisposeAsync() => runner.DisposeAsync();
}
