using System.Text.RegularExpressions;
using GreenServe.Cli;
using GreenServe.Cli.Commands;
using GreenServe.Tests.Fixtures;
using GreenServe.Workloads;

namespace GreenServe.Tests.EndToEnd;

/// <summary>Tests that the README is true: its paths exist, its commands parse and its example is a workload.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("README.md"));

    [Fact]
    public void Path_Exists_ForEveryPathOfTheReadme()
    {
        string[] named = [.. CodePath().Matches(Text).Select(match => match.Groups[1].Value)
            .Concat(LinkPath().Matches(Text).Select(match => match.Groups[1].Value))
            .Where(path => !path.StartsWith("http", StringComparison.Ordinal))
            .Where(path => !path.StartsWith("paper-artifacts/output", StringComparison.Ordinal))];

        Assert.True(named.Length > 10);
        Assert.All(named, path => Assert.True(Path.Exists(Repository.PathOf(path.Split('/'))), $"{path} does not exist"));
    }

    [Fact]
    public void GreenserveCommand_Parses_ForEveryCommandOfTheReadme()
    {
        string[] commands = [.. GreenserveLine().Matches(Text).Select(match => match.Groups[1].Value.Trim())];

        Assert.True(commands.Length > 4);
        Assert.All(commands, command => Assert.Empty(CommandLineApplication.CreateRoot(new CommandContext()).Parse(command).Errors));
    }

    [Fact]
    public void DotnetCommand_NamesAProjectThatExists_ForBothCommandsOfTheReadme()
    {
        Assert.Contains("dotnet build paper-artifacts\ndotnet test\n", Text, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Repository.PathOf("paper-artifacts"), "*.proj"));
        Assert.Single(Directory.GetFiles(Repository.Root, "*.sln"));
    }

    [Fact]
    public void Read_BindsTheExampleOfTheReadme_Always()
    {
        using TemporaryFolder folder = new();
        string example = YamlBlock().Match(Text).Groups[1].Value;

        Workload workload = WorkloadFile.Read(folder.Write("noon.workload.yaml", example));

        Assert.Equal("noon", workload.Name);
    }

    [GeneratedRegex(@"`((?:[\w.-]+/)+[\w.-]*)`")]
    private static partial Regex CodePath();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex LinkPath();

    [GeneratedRegex(@"^\.build/bin/GreenServe\.Cli/release/greenserve (.+)$", RegexOptions.Multiline)]
    private static partial Regex GreenserveLine();

    [GeneratedRegex(@"```yaml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex YamlBlock();
}
