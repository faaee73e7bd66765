namespace OrleansBackup.Benchmarks;

/// <summary>One measured figure.</summary>
/// <param name="Target">What it should be, when something was promised; else null.</param>
public sealed record Figure(string What, string Value, string? Target = null)
{
    public override string ToString() => $"{What,-58} {Value,18}{(Target is null ? "" : $"   ({Target})")}";
}
