using System.Globalization;

namespace Orleans;

/// <summary>How long callers of this method wait for the answer, in place of the silo's default.</summary>
/// <param name="timeout">A time span as text, such as <c>00:05:00</c>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);
}
