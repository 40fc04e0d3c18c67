using System.Globalization;
using System.Text;

namespace GreenServe.Engine.Http;

/// <summary>A histogram in the sense of Prometheus: for each upper bound it counts the values up to that bound.</summary>
/// <remarks>The class is thread-safe.</remarks>
/// <param name="bounds">The upper bounds in seconds, ascending.</param>
internal sealed class PrometheusHistogram(double[] bounds)
{
    private readonly Lock gate = new();
    private readonly long[] counts = new long[bounds.Length + 1];
    private double sum;

    internal void Observe(double seconds)
    {
        int bucket = Array.BinarySearch(bounds, seconds);
        lock (gate)
        {
            counts[bucket < 0 ? ~bucket : bucket]++;
            sum += seconds;
        }
    }

    internal void Write(StringBuilder text, string name, string label)
    {
        lock (gate)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} histogram\n");
            long below = 0;
            for (int bucket = 0; bucket < counts.Length; bucket++)
            {
                below += counts[bucket];
                string bound = bucket < bounds.Length ? bounds[bucket].ToString(CultureInfo.InvariantCulture) : "+Inf";
                text.Append(CultureInfo.InvariantCulture, $"{name}_bucket{{le=\"{bound}\",{label}}} {below}\n");
            }

            text.Append(CultureInfo.InvariantCulture, $"{name}_count{{{label}}} {below}\n{name}_sum{{{label}}} {sum}\n");
        }
    }
}
