using GreenServe.Records;
using GreenServe.Records.Runs;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Runs operating points on one backend. Every command that runs a point does it through this interface.</summary>
/// <remarks>
/// A runner keeps what several points share, for example a server that is running, until it is disposed. To add a backend, add a
/// runner and a line in <see cref="PointRunner.Open"/>.
/// </remarks>
public interface IPointRunner : IAsyncDisposable
{
    /// <summary>
    /// Whether several points may run at the same time. Simulated points may. Measured points may not, because they would disturb
    /// each other's measurement.
    /// </summary>
    bool RunsConcurrently { get; }

    /// <summary>Every reason why a point cannot run on this backend; empty if it can. Nothing is started.</summary>
    IReadOnlyList<Problem> Check(OperatingPoint point);

    /// <summary>The order in which the points of an experiment should run. The default is the given order.</summary>
    IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) => points;

    /// <summary>Runs a point and writes its record into a folder.</summary>
    /// <param name="point">The point to run. It has no problems by <see cref="Check"/>.</param>
    /// <param name="folder">Folder of the record; new or empty.</param>
    /// <param name="cancellationToken">Stops the run. The record keeps what was completed by then.</param>
    /// <returns>The record. Its manifest says whether the run is VALID, and every reason if it is not.</returns>
    /// <exception cref="InvalidInputException">The point cannot run for a reason that shows only when it starts.</exception>
    /// <exception cref="UnavailableException">This machine cannot run the point: a server, library or device is missing.</exception>
    Task<RunRecord> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken);
}
