namespace GreenServe.Records.Documents;

/// <summary>A record with rules that span several of its values.</summary>
public interface IChecked
{
    /// <summary>Every broken rule; places are relative to this record and start with <c>$</c>.</summary>
    IEnumerable<Problem> Check();
}
