namespace OrleansBackup.Demo.Comparison;

/// <summary>Which differences a loss that a restore declared can excuse: only those of the property that it begins with.</summary>
/// <remarks>A loss reads <c>property: what happened to it</c>. One that begins with nothing known excuses nothing, so that a vague sentence cannot hide a defect.</remarks>
public static class DeclaredLoss
{
    public static bool Covers(string loss, string property)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(property);
        var lost = loss.Split(':', 2)[0].Trim();
        var top = property.Split('.', '[')[0];
        return lost.Equals(top, StringComparison.OrdinalIgnoreCase) || (lost == "attachments" && top == "hasAttachments");
    }
}
