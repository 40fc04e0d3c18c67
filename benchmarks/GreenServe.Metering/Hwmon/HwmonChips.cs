using System.Globalization;
using System.Text.RegularExpressions;
using GreenServe.Records.Measurements;

namespace GreenServe.Metering.Hwmon;

/// <summary>Finds hardware monitoring chips that measure energy or power.</summary>
internal static partial class HwmonChips
{
    /// <summary>Sources for every chip with a channel that can be read, and the channels that cannot.</summary>
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
        string name = folders.Select(folder => SystemFiles.ReadLine(Path.Combine(folder, "name"))).FirstOrDefault(text => text is not null) ?? "chip";
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
        bool isAverage = match.Groups["part"].Value == "average";
        string? label = SystemFiles.ReadLine(Path.Combine(folder, $"{channel}_label")) ?? SystemFiles.ReadLine(Path.Combine(folder, $"{channel}_oem_info"));
        string? interval = SystemFiles.ReadLine(Path.Combine(folder, $"{channel}_average_interval"));
        return new MeterDescription
        {
            Name = $"{place}.{channel}",
            Scope = Scope(chip, label),
            Method = kind == "energy" ? $"hwmon energy counter ({chip})" : isAverage ? $"hwmon averaged power ({chip})" : $"hwmon power ({chip})",
            Device = label is null or "" ? $"{chip} {channel}" : $"{chip} {label}",
            IsCounter = kind == "energy",
            AveragingSeconds = isAverage && double.TryParse(interval, NumberStyles.Float, CultureInfo.InvariantCulture, out double milliseconds) && milliseconds > 0
                ? DeviceUnits.SecondsOfMilliseconds(milliseconds)
                : null,
            GainErrorRatio = Accuracy(folder, channel),
        };
    }

    /// <summary>What a label means. Labels of Grace: NVIDIA Grace performance tuning guide; of AMD: Documentation/hwmon/amd_energy.rst.</summary>
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

    /// <summary>The chip's stated accuracy as a share; <c>null</c> if it states none.</summary>
    private static double? Accuracy(string folder, string channel)
    {
        string? text = SystemFiles.ReadLine(Path.Combine(folder, $"{channel}_accuracy"))?.TrimEnd('%');
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double percent) && percent is > 0 and < 100 ? percent / 100 : null;
    }

    [GeneratedRegex("^(?<kind>energy|power)(?<number>[0-9]+)_(?<part>input|average)$")]
    private static partial Regex ChannelFile();
}
