namespace OrleansBackup.Domain.Schedule;

/// <summary>How long a resource waits after a failed run before it tries again on the same day.</summary>
/// <remarks>5, 15, 45 minutes, then every two hours: a passing fault heals soon, a lasting one does not burn the tenant's budget.</remarks>
public static class RetryBackoff
{
    public static TimeSpan After(int failuresInARow) => failuresInARow switch
    {
        <= 1 => TimeSpan.FromMinutes(5),
        2 => TimeSpan.FromMinutes(15),
        3 => TimeSpan.FromMinutes(45),
        _ => TimeSpan.FromHours(2),
    };
}
