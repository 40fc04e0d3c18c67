namespace GreenServe.Cli.Commands.Records;

/// <summary>Rules that records can be held against.</summary>
internal enum RuleSet
{
    /// <summary>MLPerf Power.</summary>
    MlperfPower,
}
