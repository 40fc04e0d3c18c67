using System.Collections.Concurrent;
using GreenServe.Metering.Discovery;
using GreenServe.Records;
using GreenServe.Records.Verdicts;
using GreenServe.Running.Engines;
using GreenServe.Running.Machine;
using GreenServe.Serving.Load;
using GreenServe.Workloads.Experiments;

namespace GreenServe.Running;

/// <summary>
/// Points of an experiment on the built-in engine, one after the other. An engine is started once for all points that ask the same of
/// it; repetitions come one round after the other, each in an order of its own, so that a drift of the host looks like spread and
/// not like an effect.
/// </summary>
/// <param name="metersOf">What reads power and energy of a point; the same for points that compute in one place.</param>
/// <param name="measuring">What may be changed on the machine, and what is measured before the load.</param>
/// <param name="output">Receives what is being waited for.</param>
internal sealed class EngineSweep(Func<OperatingPoint, MeterCatalog> metersOf, MeasurementPolicy measuring, TextWriter output)
{
    /// <summary>Runs the points. One that cannot be run does not stop the others.</summary>
    /// <param name="points">What is asked.</param>
    /// <param name="folder">Gets one record a point, named by its id.</param>
    /// <param name="verdicts">Gets the verdict of each point that was run, by id.</param>
    /// <param name="finished">Told each point and how it ended.</param>
    /// <param name="cancellationToken">Stops; what has ended by then stays recorded.</param>
    internal async Task RunAsync(
        IReadOnlyList<OperatingPoint> points, string folder, ConcurrentDictionary<string, RunVerdict> verdicts,
        Action<OperatingPoint, string> finished, CancellationToken cancellationToken)
    {
        foreach (IGrouping<string, OperatingPoint> group in Ordered(points).GroupBy(EngineArguments.KeyOf))
        {
            try
            {
                await using EngineSession engine = await EngineSession
                    .StartAsync([.. group], metersOf(group.First()), new LoadOptions(), measuring, output, cancellationToken).ConfigureAwait(false);
                foreach (OperatingPoint point in group)
                {
                    verdicts[point.Id] = await engine.RunAsync(point, Path.Combine(folder, point.Id), cancellationToken).ConfigureAwait(false);
                    finished(point, verdicts[point.Id].ToString());
                    cancellationToken.ThrowIfCancellationRequested();
                }
            }
            catch (UnavailableException exception)
            {
                foreach (OperatingPoint point in group.Where(point => !verdicts.ContainsKey(point.Id)))
                {
                    finished(point, $"not run: {exception.Message}");
                }
            }
        }
    }

    /// <summary>By repetition, and within one in an order that looks random but is the same every time.</summary>
    internal static IReadOnlyList<OperatingPoint> Ordered(IEnumerable<OperatingPoint> points) =>
    [
        .. points.OrderBy(point => point.Repetition).ThenBy(point => Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(point.Id))), StringComparer.Ordinal),
    ];
}
