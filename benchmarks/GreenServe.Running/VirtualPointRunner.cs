using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Runs simulated points in virtual time: on a cluster where the point names one, and else on one instance.</summary>
/// <param name="instance">Runs points on one instance.</param>
/// <param name="cluster">Runs points on a cluster.</param>
internal sealed class VirtualPointRunner(SimulatedPointRunner instance, SimulatedClusterPointRunner cluster) : IPointRunner
{
    /// <inheritdoc />
    public bool RunsConcurrently => instance.RunsConcurrently && cluster.RunsConcurrently;

    /// <inheritdoc />
    public IReadOnlyList<Problem> Check(OperatingPoint point) => RunnerOf(point).Check(point);

    /// <inheritdoc />
    public IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) => PointInputs.InOrderOfSchedules(points);

    /// <inheritdoc />
    public Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken) =>
        RunnerOf(point).RunAsync(point, folder, cancellationToken);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await instance.DisposeAsync().ConfigureAwait(false);
        await cluster.DisposeAsync().ConfigureAwait(false);
    }

    private IPointRunner RunnerOf(OperatingPoint point) => point.System.Cluster is null ? instance : cluster;
}
