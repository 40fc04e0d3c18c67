using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using GreenServe.Tests.Fixtures;

namespace GreenServe.Tests.EndToEnd;

/// <summary>Runs <c>run.ps1</c> in a PowerShell inside this process, with core cmdlets only.</summary>
public sealed class RunScriptTests
{
    private static readonly string Script = Repository.PathOf("run.ps1");

    [Fact]
    public void Script_ParsesAndStaysShort_Always()
    {
        Parser.ParseFile(Script, out _, out ParseError[] errors);

        Assert.Empty(errors);
        Assert.True(File.ReadAllLines(Script).Length < 60);
    }

    [Theory]
    [InlineData("reproduce", "dotnet build {root}/paper-artifacts")]
    [InlineData("test", "dotnet test {root}/Benchmarks.sln")]
    [InlineData("measure", "dotnet {root}/.build/bin/GreenServe.Cli/release/greenserve.dll run")]
    [InlineData("compare", "dotnet {root}/.build/bin/GreenServe.Cli/release/greenserve.dll compare")]
    public void Command_RunsDotnetWithTheArguments_WhenItIsOneOfTheFour(string command, string expected)
    {
        string[] commands = DryRun(command, "--jobs", "a b");

        string native = expected.Replace("{root}", Repository.Root, StringComparison.Ordinal)
            .Replace('/', Path.DirectorySeparatorChar);
        Assert.Equal($"{native} --jobs a b", commands[^1]);
    }

    [Fact]
    public void Command_IsRefused_WhenItIsNotOneOfTheFour()
    {
        ParameterBindingException refusal = Assert.ThrowsAny<ParameterBindingException>(() => DryRun("destroy"));

        string message = refusal.Message.Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("reproduce,test,measure,compare", message, StringComparison.Ordinal);
    }

    private static string[] DryRun(string command, params string[] arguments)
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using PowerShell shell = PowerShell.Create(runspace);
        shell.AddCommand(Script).AddArgument(command).AddParameter("DryRun");
        foreach (string argument in arguments)
        {
            shell.AddArgument(argument);
        }

        string[] output = [.. shell.Invoke().Select(item => item.ToString())];
        Assert.Empty(shell.Streams.Error);
        return output;
    }
}
