using GreenServe.Records.Systems;

namespace GreenServe.Search.Advising.Spaces;

/// <summary>A knob that a search varies, with the values that it tries.</summary>
/// <param name="Name">Name of the knob, for example <c>gpu_clock_megahertz</c>.</param>
/// <param name="Values">The values, in rising order where they have one.</param>
public sealed record SettingAxis(string Name, IReadOnlyList<SettingValue> Values)
{
    /// <summary>Whether the values are numbers in rising order, so that neighbours are alike and ends are edges.</summary>
    public bool IsOrdered { get; init; } = true;

    /// <summary>Whether nothing beyond the lowest value exists: the device, the engine or the user allows none.</summary>
    public bool IsLowestLimit { get; init; }

    /// <summary>Whether nothing beyond the highest value exists: the device, the engine or the user allows none.</summary>
    public bool IsHighestLimit { get; init; }
}

/// <summary>A value of a knob.</summary>
/// <param name="Words">The value in words, for example <c>1410 MHz</c>, or <c>default</c> for what the engine does by itself.</param>
/// <param name="Apply">Gives a setting this value.</param>
public sealed record SettingValue(string Words, Func<ServingSetting, ServingSetting> Apply);
