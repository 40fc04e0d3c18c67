using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Live;
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
    public async Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken)
    {
        LiveRun live = options.Measurement.Live;
        string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        live.BeginPoint(runner.RunsConcurrently ? null : name, options.Backend == BackendKind.Simulated);
        try
        {
            RunRecord record = await runner
                .RunAsync(point with { Definition = PointDefinition.Of(point, options, inputs) }, folder, cancellationToken)
                .ConfigureAwait(false);
            RunVerdict verdict = record.Manifest.Verdict;
            LivePointResult? summary = options.Backend == BackendKind.Simulated ? live.Summarizing?.Invoke(record) : null;
            live.EndPoint(new LivePointResult(name, verdict.ToString(), verdict.IsValid)
            {
                Axes = AxesOf(point),
                JoulesPerOutputToken = summary?.JoulesPerOutputToken,
                OutputTokensPerSecond = summary?.OutputTokensPerSecond,
            });
            return record;
        }
        catch (UnavailableException exception)
        {
            live.EndPoint(new LivePointResult(name, $"not run: {exception.Message}", IsValid: false) { Axes = AxesOf(point) });
            throw;
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => runner.DisposeAsync();

    private static Dictionary<string, string> AxesOf(OperatingPoint point) =>
        point.Coordinates.ToDictionary(axis => axis.Key, axis => axis.Value?.ToString() ?? "");
}
