namespace GreenServe.Records.Documents;

/// <summary>A record with rules that span several of its values.</summary>
public interface IChecked
{
    /// <summary>
    /// The problems of this record: one for each broken rule. Their places are relative to the record and start with <c>$</c>.
    /// </summary>
    IEnumerable<Problem> Check();
}
