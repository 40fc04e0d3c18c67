using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>Runs operating points on one backend. Every command that runs a point does it through this interface.</summary>
/// <remarks>
/// A runner keeps what several points share, for example a server that is already up, until it is disposed. Add a backend by adding a
/// runner and a line in <see cref="PointRunner.Open"/>.
/// </remarks>
public interface IPointRunner : IAsyncDisposable
{
    /// <summary>
    /// Whether several points may run at the same time. Simulated points may. Measured points may not, because they would measure each
    /// other.
    /// </summary>
    bool RunsConcurrently { get; }

    /// <summary>Every reason why a point cannot run on this backend; empty if it can. Nothing is started.</summary>
    IReadOnlyList<Problem> Check(OperatingPoint point);

    /// <summary>The order in which the points of an experiment are best run. The default is the order given.</summary>
    IReadOnlyList<OperatingPoint> InRunOrder(IReadOnlyList<OperatingPoint> points) => points;

    /// <summary>Runs a point and leaves its record in a folder.</summary>
    /// <param name="point">What to run; without problems by <see cref="Check"/>.</param>
    /// <param name="folder">The record's folder; new or empty.</param>
    /// <param name="cancellationToken">Stops the run. What has completed by then stays recorded.</param>
    /// <returns>Whether the run is VALID, or every reason why it is not.</returns>
    /// <exception cref="InvalidInputException">The point cannot be run, for a reason that shows only when it starts.</exception>
    /// <exception cref="UnavailableException">This machine cannot run the point: a server, library or device is missing.</exception>
    Task<RunVerdict> RunAsync(OperatingPoint point, string folder, CancellationToken cancellationToken);
}
