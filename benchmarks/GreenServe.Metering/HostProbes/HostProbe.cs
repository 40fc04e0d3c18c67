using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Systems;

namespace GreenServe.Metering.HostProbes;

/// <summary>Measures the speed of this host in this process, part by part.</summary>
/// <remarks>
/// Run the probe in a short-lived process of its own: a CUDA context takes memory of the GPU, and a driver that crashes ends the process.
/// </remarks>
public static class HostProbe
{
    /// <summary>
    /// Measures the speed of this host and writes what is known of it, one line of JSON after each part. The last line counts. A line says
    /// of each part that has not ended that the probe ended before it did, which is true if no other line follows.
    /// </summary>
    /// <param name="output">Receives the lines.</param>
    /// <param name="clock">Source of time.</param>
    public static void Run(TextWriter output, TimeProvider clock) => Run(output,
    [
        new Part("speed of one thread", speed => SingleThreadProbe.Measure(speed, clock)),
        new Part("speed of memory", speed => MemoryCopyProbe.Measure(speed, clock)),
        new Part("speed of one thread, second round", speed => SingleThreadProbe.Measure(speed, clock)),
        new Part("launch time of kernels", speed => KernelLaunchProbe.Measure(speed, CudaKernelLauncher.Open, clock)),
        new Part("speed of one thread, third round", speed => SingleThreadProbe.Measure(speed, clock)),
    ]);

    /// <summary>Measures some parts.</summary>
    internal static void Run(TextWriter output, IReadOnlyList<Part> parts)
    {
        HostSpeed speed = new();
        List<string> reasons = [];
        for (int index = 0; index <= parts.Count; index++)
        {
            IEnumerable<string> pending = parts.Skip(index).Select(part => $"{part.Name}: the probe ended before it was measured");
            string missing = string.Join("; ", reasons.Concat(pending));
            output.WriteLine(DocumentContract.Canonical(speed with { NotMeasured = missing.Length > 0 ? missing : null }));
            output.Flush();
            if (index < parts.Count)
            {
                try
                {
                    speed = parts[index].Measure(speed);
                }
                catch (Exception exception) when (exception is UnavailableException or OutOfMemoryException)
                {
                    reasons.Add($"{parts[index].Name}: {exception.Message}");
                }
            }
        }
    }

    /// <summary>A part of the probe.</summary>
    /// <param name="Name">What it measures, in words.</param>
    /// <param name="Measure">Adds what it measures to what is known of the host.</param>
    internal sealed record Part(string Name, Func<HostSpeed, HostSpeed> Measure);
}
