using System.Globalization;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Search.Advising.Spaces;

/// <summary>A knob of the accelerator whose highest value is its default.</summary>
/// <param name="Name">Name of the knob.</param>
/// <param name="Unit">Unit of its values.</param>
/// <param name="Range">Lowest and highest value of an accelerator, and the distance of two values.</param>
/// <param name="Apply">Gives a setting a value; <c>null</c> for the default.</param>
internal sealed record DeviceKnob(
    string Name,
    string Unit,
    Func<GpuDefinition, (double Lowest, double Highest, double Step)> Range,
    Func<ServingSetting, double?, ServingSetting> Apply);

/// <summary>The axis of a knob of the accelerator.</summary>
/// <remarks>
/// The default values spread evenly over the range of the device. Where accelerators have different ranges, an axis of default values
/// holds shares of the range, each of which is another number on each accelerator.
/// </remarks>
/// <param name="knob">The knob.</param>
/// <param name="gpus">The kinds of accelerator.</param>
/// <param name="names">Their names in settings.</param>
/// <param name="steps">Number of default values, at least 2.</param>
internal sealed class DeviceAxis(DeviceKnob knob, IReadOnlyList<GpuDefinition> gpus, IReadOnlyList<string> names, int steps)
{
    private bool IsOneRange => gpus.Select(knob.Range).Distinct().Count() == 1;

    /// <summary>The axis with the values that the user states, or with the default values.</summary>
    internal SettingAxis Of(KnobTexts texts, List<Problem> problems)
    {
        IReadOnlyList<SettingValue> values = texts.ValuesOf(knob.Name) is { } stated ? Stated(stated, problems)
            : texts.IsFixed(knob.Name) ? [ShareOfRange(1)]
            : [.. Enumerable.Range(0, steps).Select(index => (double)index / (steps - 1)).Select(ShareOfRange)];
        return new SettingAxis(knob.Name, values) { IsLowestLimit = true, IsHighestLimit = true };
    }

    private SettingValue[] Stated(IReadOnlyList<string> stated, List<Problem> problems)
    {
        double lowest = gpus.Min(gpu => knob.Range(gpu).Lowest);
        double highest = gpus.Max(gpu => knob.Range(gpu).Highest);
        List<double?> values = [];
        foreach (string text in stated)
        {
            bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                && value >= lowest && value <= highest;
            if (!isNumber && text != KnobTexts.Default)
            {
                problems.Add(new Problem(
                    $"{KnobTexts.Place} {knob.Name}",
                    $"'{text}'",
                    FormattableString.Invariant($"a number in [{lowest}, {highest}] {knob.Unit} ({Names})")));
            }

            values.Add(isNumber && !(IsOneRange && Settable(gpus[0], value) == highest) ? Settled(value) : null);
        }

        return [.. values.Distinct().OrderBy(value => value ?? double.PositiveInfinity).Select(value => value is { } number
            ? new SettingValue(Words(number), setting => knob.Apply(setting, number))
            : Highest)];
    }

    private string Names => string.Join(", ", gpus.Select(gpu => gpu.Name));

    private SettingValue Highest => new(
        IsOneRange ? $"{Words(knob.Range(gpus[0]).Highest)} (default)" : "highest (default)", setting => knob.Apply(setting, null));

    private SettingValue ShareOfRange(double share)
    {
        if (share >= 1)
        {
            return Highest;
        }

        double[] values = [.. gpus.Select(gpu => At(gpu, share))];
        string words = IsOneRange ? Words(values[0]) : FormattableString.Invariant($"{100 * share:0} % of the range");
        return new SettingValue(words, setting => knob.Apply(setting, values[Math.Max(0, IndexOf(setting.Gpu))]));
    }

    private double At(GpuDefinition gpu, double share)
    {
        (double lowest, double highest, _) = knob.Range(gpu);
        return Settable(gpu, lowest + (share * (highest - lowest)));
    }

    private double Settled(double value) => IsOneRange ? Settable(gpus[0], value) : value;

    /// <summary>The value of the device that is nearest to one that is asked for.</summary>
    private double Settable(GpuDefinition gpu, double value)
    {
        (double lowest, double highest, double step) = knob.Range(gpu);
        return Math.Clamp(highest - (Math.Round((highest - value) / step) * step), lowest, highest);
    }

    private int IndexOf(string name) => names.ToList().IndexOf(name);

    private string Words(double value) => FormattableString.Invariant($"{value:0.###} {knob.Unit}");
}
