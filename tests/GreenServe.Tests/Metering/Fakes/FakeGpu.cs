using GreenServe.Metering.Nvml;

namespace GreenServe.Tests.Metering.Fakes;

/// <summary>A GPU whose power course is known, with the refresh, averaging and call costs measured on an H200 (driver 580).</summary>
internal sealed class FakeGpu
{
    internal string Name { get; init; } = "NVIDIA H200";

    internal string Uuid { get; init; } = "GPU-11111111-2222-3333-4444-555555555555";

    internal NvmlReturn UuidReturn { get; init; }

    internal NvmlReturn HandleReturn { get; set; }

    /// <summary>True energy since the driver was loaded (J) by time (s).</summary>
    internal Func<double, double> JoulesAt { get; set; } = time => 684 * time;

    internal double RefreshSeconds { get; init; } = 0.1;

    /// <summary>Each refresh comes up to this much early or late (s).</summary>
    internal double JitterSeconds { get; init; } = 0.005;

    internal double EnergyCallSeconds { get; init; } = 0.003;

    internal double FieldCallSeconds { get; init; } = 3.6e-6;

    /// <summary>What the counter answers, by time; success by default.</summary>
    internal Func<double, NvmlReturn> EnergyReturn { get; set; } = _ => NvmlReturn.Success;

    /// <summary>What each power field answers.</summary>
    internal Dictionary<(uint Field, uint Scope), NvmlReturn> FieldReturns { get; } = new()
    {
        [(NvmlField.PowerAverage, NvmlField.ScopeGpu)] = NvmlReturn.Success,
        [(NvmlField.PowerInstant, NvmlField.ScopeGpu)] = NvmlReturn.Success,
        [(NvmlField.PowerAverage, NvmlField.ScopeMemory)] = NvmlReturn.Success,
    };

    internal uint Architecture { get; init; } = 9;

    internal string[] Instances { get; init; } = [];

    internal uint Processes { get; set; }

    internal uint TemperatureCelsius { get; set; } = 35;

    internal uint[] Clocks { get; init; } = [345, 510, 1200, 1215, 1605, 1980];

    internal uint ClockMegahertz { get; set; } = 1980;

    internal uint PowerLimitMilliwatts { get; set; } = 700_000;

    internal (uint Lowest, uint Highest) PowerRange { get; init; } = (200_000, 700_000);

    /// <summary>What a setter makes of a power limit: what it was given, by default.</summary>
    internal Func<uint, uint> LimitMade { get; init; } = limit => limit;

    internal NvmlReturn SetterReturn { get; set; }

    /// <summary>What the driver answers when it is asked for the power limit.</summary>
    internal NvmlReturn LimitReturn { get; set; }

    internal List<string> Settings { get; } = [];

    /// <summary>Time of the last refresh at or before a time.</summary>
    internal double RefreshAtOrBefore(double time)
    {
        double number = Math.Floor(time / RefreshSeconds) + 1;
        while (Refresh(number) > time)
        {
            number--;
        }

        return Refresh(number);
    }

    private double Refresh(double number) =>
        (number * RefreshSeconds) + (JitterSeconds * Math.Sin(number * 12.9898));
}
