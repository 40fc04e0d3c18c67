using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.EndToEnd;

/// <summary>The two programs that the pipeline runs.</summary>
/// <param name="CommandFolder">Folder of <c>greenserve.dll</c>, with a separator at its end.</param>
/// <param name="Engine">Path of the engine's program.</param>
internal sealed record PipelineTools(string CommandFolder, string Engine)
{
    private static readonly string EngineName = OperatingSystem.IsWindows() ? "greenserve-engine.exe" : "greenserve-engine";

    /// <summary>The programs as they were built for the tests.</summary>
    internal static PipelineTools Built { get; } = new(
        AppContext.BaseDirectory, Path.Combine(Repository.Root, ".build", "bin", "GreenServe.Engine.Runners", "release", EngineName));

    /// <summary>The same programs in which one assembly has other bytes and does the same.</summary>
    /// <param name="folder">Where the programs are laid out.</param>
    /// <param name="assembly">File name of the assembly; every program that loads it gets the changed one.</param>
    internal static PipelineTools WithOtherBytes(TemporaryFolder folder, string assembly)
    {
        string command = LayOut(Built.CommandFolder, folder.PathOf("command"), assembly);
        string engine = LayOut(Path.GetDirectoryName(Built.Engine)!, folder.PathOf("engine"), assembly);
        return new(command + Path.DirectorySeparatorChar, Path.Combine(engine, EngineName));
    }

    /// <summary>The same programs, copied: other times of files, the same bytes.</summary>
    internal static PipelineTools WithOtherTimes(TemporaryFolder folder) => WithOtherBytes(folder, assembly: "");

    private static string LayOut(string source, string target, string assembly)
    {
        Directory.CreateDirectory(target);
        foreach (string entry in Directory.GetFileSystemEntries(source))
        {
            string name = Path.GetFileName(entry);
            string path = Path.Combine(target, name);

            // A program looks for its assemblies where its own file really lies, so that is copied; the rest may be linked.
            bool isOurs = name.StartsWith("greenserve", StringComparison.OrdinalIgnoreCase);
            if (Directory.Exists(entry))
            {
                LinkOrCopyFolder(entry, path);
            }
            else if (isOurs || OperatingSystem.IsWindows())
            {
                File.Copy(entry, path);
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            }
            else
            {
                File.CreateSymbolicLink(path, entry);
            }

            if (name == assembly)
            {
                // What follows the sections of an assembly is not read.
                using FileStream file = new(path, FileMode.Append);
                file.WriteByte(0);
            }
        }

        return target;
    }

    private static void LinkOrCopyFolder(string source, string target)
    {
        if (!OperatingSystem.IsWindows())
        {
            Directory.CreateSymbolicLink(target, source);
            return;
        }

        foreach (string file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            string path = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Copy(file, path);
        }
    }
}
