using System.Globalization;
using System.Text.RegularExpressions;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Hwmon;

/// <summary>Finds hardware monitoring chips that measure energy or power.</summary>
internal static partial class HwmonChips
{
    /// <summary>Opens every channel of every chip.</summary>
    /// <param name="files">The files of the host.</param>
    /// <returns>A source for each chip with a channel that can be read, and the channels that cannot be read.</returns>
    internal static (IReadOnlyList<IMeterSource> Sources, IReadOnlyList<MeterDescription> NotMeasured) Open(SystemFiles files)
    {
        string root = files.PathOf("sys/class/hwmon");
        List<IMeterSource> sources = [];
        List<MeterDescription> missing = [];
        if (!Directory.Exists(root))
        {
            return (sources, missing);
        }

        foreach (string chip in Directory.GetDirectories(root).Order(StringComparer.Ordinal))
        {
            List<(MeterDescription Meter, NumberFile File)> opened = [];
            foreach ((MeterDescription meter, string path) in Channels(chip))
            {
                try
                {
                    opened.Add((meter, files.OpenNumber(path)));
                }
                catch (UnauthorizedAccessException)
                {
                    missing.Add(meter with { NotMeasured = $"{path} may not be read: sudo chmod a+r {path}, or run as root" });
                }
                catch (IOException exception)
                {
                    missing.Add(meter with { NotMeasured = exception.Message });
                }
            }

            if (opened.Count > 0)
            {
                sources.Add(new HwmonSource($"hwmon.{Path.GetFileName(chip)}", opened));
            }
        }

        return (sources, missing);
    }

    private static IEnumerable<(MeterDescription Meter, string Path)> Channels(string chip)
    {
        // Old drivers, and Grace's ACPI meters among them, keep their files one level down.
        string[] folders = [chip, Path.Combine(chip, "device")];
        string name = folders.Select(folder => SystemFiles.ReadLine(Path.Combine(folder, "name"))).FirstOrDefault(text => text is not null)
            ?? "chip";
        foreach (string folder in folders.Where(Directory.Exists))
        {
            string[] files = [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
            HashSet<string> taken = [];
            foreach (string file in files)
            {
                Match match = ChannelFile().Match(file);

                // Sorted by name, an average comes before the instant reading of the same channel and is the one taken.
                if (match.Success && taken.Add(match.Groups["kind"].Value + match.Groups["number"].Value))
                {
                    yield return (Describe(folder, name, Path.GetFileName(chip), match), Path.Combine(folder, file));
                }
            }
        }
    }

    private static MeterDescription Describe(string folder, string chip, string place, Match match)
    {
        string kind = match.Groups["kind"].Value;
        string channel = kind + match.Groups["number"].Value;
        bool isCounter = kind == "energy";
        bool isAverage = match.Groups["part"].Value == "average";
        string? label = SystemFiles.ReadLine(Path.Combine(folder, $"{channel}_label"))
            ?? SystemFiles.ReadLine(Path.Combine(folder, $"{channel}_oem_info"));
        string method = isCounter ? "energy counter" : isAverage ? "averaged power" : "power";
        return new MeterDescription
        {
            Name = $"{place}.{channel}",
            Scope = Scope(chip, label),
            Method = $"hwmon {method} ({chip})",
            Device = Device(chip, place, channel, label),
            IsCounter = isCounter,
            AveragingSeconds = isAverage ? AveragingSeconds(folder, channel) : null,
            GainErrorRatio = Accuracy(folder, channel),
        };
    }

    /// <summary>
    /// The device that a channel measures. Two chips of one kind are two devices. Every channel of a graphics card measures the card.
    /// </summary>
    private static string Device(string chip, string place, string channel, string? label) => chip == "amdgpu"
        ? $"{chip} ({place})"
        : $"{chip} {(label is null or "" ? channel : label)} ({place})";

    /// <summary>The scope that the label of a channel stands for.</summary>
    /// <remarks>
    /// Source of the labels of Grace: NVIDIA Grace performance tuning guide. Source of the labels of AMD: Linux kernel,
    /// Documentation/hwmon/amd_energy.rst.
    /// </remarks>
    private static MeterScope Scope(string chip, string? label) => (chip, label ?? "") switch
    {
        (_, var text) when text.StartsWith("Module Power", StringComparison.OrdinalIgnoreCase) => MeterScope.Module,
        (_, var text) when text.StartsWith("Grace Power", StringComparison.OrdinalIgnoreCase) => MeterScope.CpuPackage,
        (_, var text) when text.StartsWith("Esocket", StringComparison.OrdinalIgnoreCase) => MeterScope.CpuPackage,
        (_, var text) when text.StartsWith("CPU Power", StringComparison.OrdinalIgnoreCase) => MeterScope.CpuCore,
        (_, var text) when text.StartsWith("Ecore", StringComparison.OrdinalIgnoreCase) => MeterScope.CpuCore,
        (_, var text) when text.StartsWith("SysIO Power", StringComparison.OrdinalIgnoreCase) => MeterScope.CpuUncore,
        ("amdgpu", _) => MeterScope.Gpu,
        _ => MeterScope.Rail,
    };

    /// <summary>The time over which a channel averages (s), from its file in milliseconds; <c>null</c> if it does not say.</summary>
    private static double? AveragingSeconds(string folder, string channel)
    {
        string? text = SystemFiles.ReadLine(Path.Combine(folder, $"{channel}_average_interval"));
        return Number(text) is { } milliseconds and > 0 ? DeviceUnits.SecondsOfMilliseconds(milliseconds) : null;
    }

    /// <summary>The accuracy that the chip states, as a share; <c>null</c> if it states none.</summary>
    private static double? Accuracy(string folder, string channel)
    {
        string? text = SystemFiles.ReadLine(Path.Combine(folder, $"{channel}_accuracy"))?.TrimEnd('%');
        return Number(text) is { } percent and > 0 and < 100 ? percent / 100 : null;
    }

    private static double? Number(string? text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    [GeneratedRegex("^(?<kind>energy|power)(?<number>[0-9]+)_(?<part>input|average)$")]
    private static partial Regex ChannelFile();
}
