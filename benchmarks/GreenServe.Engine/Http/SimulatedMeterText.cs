using System.Globalization;
using System.Text;
using GreenServe.Engine.Simulated;
using GreenServe.Records.Prometheus;

namespace GreenServe.Engine.Http;

/// <summary>Writes the energy of simulated GPUs under the names and with the labels of dcgm-exporter, marked as simulated.</summary>
internal static class SimulatedMeterText
{
    private const double MillijoulesPerJoule = 1000;

    /// <summary>Appends the counter and the power of each GPU in Prometheus' text format.</summary>
    internal static void Write(StringBuilder text, SimulatedMeter meter)
    {
        SimulatedMeterReading reading = meter.Read();
        long millijoules = (long)(reading.Joules / meter.Gpus * MillijoulesPerJoule);
        double watts = reading.Watts / meter.Gpus;
        Add(text, meter, DcgmMetric.TotalEnergy, "counter", "Energy in mJ", millijoules.ToString(CultureInfo.InvariantCulture));
        Add(text, meter, DcgmMetric.PowerUsage, "gauge", "Power in W", watts.ToString("0.000", CultureInfo.InvariantCulture));
    }

    private static void Add(StringBuilder text, SimulatedMeter meter, string metric, string type, string what, string value)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {metric} {what}. SIMULATED by a power model: nothing is measured.\n");
        text.Append(CultureInfo.InvariantCulture, $"# TYPE {metric} {type}\n");
        for (int gpu = 0; gpu < meter.Gpus; gpu++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{metric}{{gpu=\"{gpu}\",UUID=\"{meter.Identifier}-{gpu}\",device=\"simulated{gpu}\",modelName=\"{meter.GpuName}\","
                + $"Hostname=\"{HttpServerMetrics.EscapeLabel(Environment.MachineName)}\","
                + $"{DcgmMetric.EvidenceLabel}=\"{DcgmMetric.Simulated}\"}} {value}\n");
        }
    }
}
