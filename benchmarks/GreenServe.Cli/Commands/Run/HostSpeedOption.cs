using System.CommandLine;
using System.Text.Json.Nodes;
using GreenServe.Records;
using GreenServe.Records.Documents;
using GreenServe.Records.Runs;
using GreenServe.Records.Systems;
using GreenServe.Simulation.Engines;

namespace GreenServe.Cli.Commands.Run;

/// <summary>The option <c>--host-speed</c>: the host to predict for, from a record, a profile or a file.</summary>
internal static class HostSpeedOption
{
    private const string Allowed = "a folder with a measured record that states the speed of its host, an engine profile that states on "
        + "which host it was fitted, or a file that greenserve meters host --out has written";

    internal static Option<string?> Create() => new("--host-speed")
    {
        Description = "Host to predict for: a measured run record of it, an engine profile that was fitted there, or a file that "
            + "greenserve meters host --out wrote there. The host work of the engine is scaled from the host on which its profile was "
            + "fitted. Default: that host.",
        HelpName = "RECORD|FILE",
    };

    /// <summary>Reads the speed of a host.</summary>
    /// <param name="path">What the user gave.</param>
    /// <param name="gpu">Name of the accelerator, whose entry in a profile counts.</param>
    /// <exception cref="InvalidInputException">It is none of the things allowed, or does not state the speed of a host.</exception>
    internal static HostSpeed Read(string path, string gpu)
    {
        if (Directory.Exists(path))
        {
            RunManifest manifest = RunRecord.Read(path).Manifest;
            HostSpeed? recorded = manifest.Environment.HostSpeed ?? manifest.System?.Host;
            return Required(recorded, path, "a record that does not state the speed of its host");
        }

        if (IsFile(path) && DocumentTree.Read(path) is { Root: JsonObject mapping } document && !mapping.ContainsKey("costs"))
        {
            return Required(document.Bind<HostSpeed>(), path, "a host of unknown speed");
        }

        EngineProfile? profile = IsFile(path) ? EngineCatalog.Find(path) : EngineCatalog.TryFind(path);
        return profile is null
            ? throw new InvalidInputException(new Problem("--host-speed", path, Allowed))
            : Required(profile.On(gpu).FittedHost, path, "a profile that does not state on which host it was fitted");
    }

    private static bool IsFile(string path) => Path.GetExtension(path).ToUpperInvariant() is ".YAML" or ".YML" or ".JSON";

    private static HostSpeed Required(HostSpeed? speed, string path, string found) => speed?.IsKnown() == true
        ? speed
        : throw new InvalidInputException(new Problem(
            "--host-speed", speed?.NotMeasured is { } reason ? $"{found} ({reason})" : found, Allowed, path));
}
