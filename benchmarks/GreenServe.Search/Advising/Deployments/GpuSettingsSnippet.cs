using System.Globalization;
using System.Text;
using GreenServe.Analysis.Advising;
using GreenServe.Records;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Hardware;

namespace GreenServe.Search.Advising.Deployments;

/// <summary>Writes the lines that set the clock and the power cap of a setting, and those that undo it.</summary>
/// <remarks>
/// Sources: <c>nvidia-smi --help</c> (<c>-pm</c>, <c>-lgc</c>, <c>-rgc</c>, <c>-pl</c>), and NVML,
/// <c>nvmlDeviceSetGpuLockedClocks</c>: root is needed, and the clocks are free again after a reboot or a reload of the driver.
/// </remarks>
internal static class GpuSettingsSnippet
{
    /// <summary>The lines of a setting; <c>null</c> where it changes neither clock nor power cap.</summary>
    internal static DeploymentSnippet? Of(ServingSetting setting)
    {
        Knobs knobs = setting.Knobs;
        if (knobs.GpuClockMegahertz is null && knobs.PowerCapWatts is null)
        {
            return null;
        }

        GpuDefinition? gpu = TryFind(setting.Gpu);
        InstancePlaces places = InstancePlaces.Of(setting);
        string device = $"sudo nvidia-smi -i {InstancePlace.ListOf(0, places.Gpus)}";
        StringBuilder text = new($"{device} -pm 1\n");
        StringBuilder undo = new();
        List<string> notes = [];
        if (knobs.GpuClockMegahertz is { } asked)
        {
            double clock = gpu?.Clock.NearestMegahertz(asked) ?? asked;
            text.Append(CultureInfo.InvariantCulture, $"{device} -lgc {clock:0},{clock:0}\n");
            undo.Append(CultureInfo.InvariantCulture, $"{device} -rgc\n");
            notes.Add("-lgc locks the clock of the SMs, not that of the memory. Power cap and temperature can still lower it: "
                + "nvidia-smi -q -d CLOCK,PERFORMANCE shows it.");
        }

        if (knobs.PowerCapWatts is { } cap)
        {
            text.Append(CultureInfo.InvariantCulture, $"{device} -pl {cap:0.##}\n");
            undo.Append(gpu is null
                ? $"{device} -pl \"${{DEFAULT_WATTS:?nvidia-smi -q -d POWER shows it as Default Power Limit}}\"\n"
                : string.Create(CultureInfo.InvariantCulture, $"{device} -pl {gpu.PowerCap.HighestWatts:0.##}\n"));
            notes.Add("-pl caps the power of each board. A board may have another default than its data sheet: nvidia-smi -q -d POWER "
                + "shows it as Default Power Limit.");
        }

        notes.Add("All lines need root, and change the GPUs for everyone who uses them. A reboot undoes them. Persistence mode "
            + "(-pm 1) keeps them while no process uses the GPUs, and stays on.");
        notes.Add($"The GPUs are numbered as nvidia-smi numbers them. {places.Note ?? "Other GPUs of the host keep their settings."}");
        return new DeploymentSnippet("GPU clock and power cap", "bash", text.ToString(), undo.ToString(), notes);
    }

    private static GpuDefinition? TryFind(string nameOrPath)
    {
        try
        {
            return GpuCatalog.Find(nameOrPath);
        }
        catch (InvalidInputException)
        {
            return null;
        }
    }
}
