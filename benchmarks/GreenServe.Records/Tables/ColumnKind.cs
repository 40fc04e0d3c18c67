namespace GreenServe.Records.Tables;

/// <summary>What the cells of a column are.</summary>
public enum ColumnKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Whole numbers.</summary>
    Whole,

    /// <summary>Finite numbers.</summary>
    Number,
}
