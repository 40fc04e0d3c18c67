using System.Diagnostics;
using System.IO.Compression;
using GreenServe.Records.Tables;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.EndToEnd;

/// <summary>A folder with experiments, claims, points and measured runs, and the output that the pipeline makes of them.</summary>
internal sealed class PipelineFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>The command and the engine that the pipeline runs; the ones built for the tests unless a test changes them.</summary>
    internal PipelineTools Tools { get; set; } = PipelineTools.Built;

    internal string Write(string name, string text) => folder.Write(name, text);

    internal string PathOf(params string[] names) => folder.PathOf(names);

    internal string Output(string name) => File.ReadAllText(PathOf("output", name));

    /// <summary>The evidence kind of each row of an artifact.</summary>
    internal string[] EvidenceOf(string artifact) =>
        [.. File.ReadLines(PathOf("output", artifact)).Skip(1).Select(line => line.Split(',')[0])];

    /// <summary>When each file of the output was written, by its path in the output.</summary>
    internal Dictionary<string, DateTime> Times() => Directory.GetFiles(PathOf("output"), "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(PathOf("output"), path).Replace('\\', '/'), File.GetLastWriteTimeUtc);

    /// <summary>A folder of the same content, times of files included.</summary>
    internal PipelineFolder Copy()
    {
        PipelineFolder copy = new();
        foreach (string file in Directory.GetFiles(folder.Root, "*", SearchOption.AllDirectories))
        {
            string target = copy.PathOf(Path.GetRelativePath(folder.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            File.SetLastWriteTimeUtc(target, File.GetLastWriteTimeUtc(file));
        }

        return copy;
    }

    /// <summary>Puts the simulated records of an experiment into the archive of a campaign, as if a meter had read them.</summary>
    internal void Archive(string campaign, string experiment)
    {
        string records = PathOf("output", "records", experiment);
        string measured = PathOf("archived", experiment);
        foreach (string file in Directory.GetFiles(records, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(measured, Path.GetRelativePath(records, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
            if (Path.GetFileName(file) == RunFiles.Manifest)
            {
                string text = File.ReadAllText(file);
                File.WriteAllText(
                    target, text.Replace("\"evidence\": \"simulated\"", "\"evidence\": \"measured\"", StringComparison.Ordinal));
            }
        }

        Directory.CreateDirectory(PathOf("measured", campaign));
        ZipFile.CreateFromDirectory(measured, PathOf("measured", campaign, $"{experiment}.zip"));
    }

    /// <summary>Runs the pipeline and returns what it printed.</summary>
    internal string Build()
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                "msbuild",
                Repository.PathOf("paper-artifacts", "paper-artifacts.proj"),
                "-nodeReuse:false",
                "-p:BuildsTool=false",
                $"-p:ToolFolder={Tools.CommandFolder}",
                $"-p:ExperimentsFolder={PathOf("experiments")}/",
                $"-p:ClaimsFolder={PathOf("claims")}/",
                $"-p:MeasuredFolder={PathOf("measured")}/",
                $"-p:PointsFile={PathOf("points")}/*.csv",
                $"-p:OutputFolder={PathOf("output")}/",
            },
        };
        start.Environment["GREENSERVE_ENGINE"] = Tools.Engine;
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }

    public void Dispose() => folder.Dispose();
}
