import Testing
import Torture
struct ChecksTests {}
