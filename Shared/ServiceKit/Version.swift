/// The version of this build, as the registry and `system.info` show it.
public enum Version {
    public static let text = "0.1.0"
}
