namespace GreenServe.Cli.Commands.Records;

/// <summary>How the answer of a query is written.</summary>
internal enum QueryFormat
{
    /// <summary>A table for people, numbers in four significant digits.</summary>
    Table,

    /// <summary>CSV with all digits.</summary>
    Csv,

    /// <summary>A JSON array with an object a row.</summary>
    Json,
}
